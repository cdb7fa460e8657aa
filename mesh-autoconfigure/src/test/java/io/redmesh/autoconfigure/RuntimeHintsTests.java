package io.redmesh.autoconfigure;

import java.lang.annotation.Annotation;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.ReflectionHintsPredicates;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the hints for a native image. An app is processed ahead of time, and each type
 * that an operation of an Actuator endpoint returns must have a hint, because Jackson
 * needs reflection for it. {@link HouseRulesTests} ensures that nothing else is mapped to
 * or from JSON.
 */
class RuntimeHintsTests {

	private static final List<Class<? extends Annotation>> OPERATIONS = List.of(ReadOperation.class,
			WriteOperation.class, DeleteOperation.class);

	private final JavaClasses classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("io.redmesh.autoconfigure", "io.redmesh.core");

	private final Set<Class<?>> answers = new LinkedHashSet<>();

	@Test
	void everyTypeWrittenAsJsonHasHints() {
		collectAnswers();
		RuntimeHints hints = hints();
		ReflectionHintsPredicates reflection = RuntimeHintsPredicates.reflection();
		for (Class<?> answer : this.answers) {
			assertThat(reflection.onType(answer).test(hints)).as("hint for %s", answer).isTrue();
			for (RecordComponent component : components(answer)) {
				assertThat(reflection.onMethodInvocation(component.getAccessor()).test(hints))
					.as("hint for %s", component.getAccessor())
					.isTrue();
			}
		}
	}

	@Test
	void walkFindsNestedTypesAndImplementationsOfInterfaces() {
		collectAnswers();
		assertThat(this.answers).extracting(Class::getSimpleName)
			.contains("MeshDescriptor", "ServiceCounts", "CallExplanation", "PolicyDescriptor", "EjectionDescriptor",
					"Instance", "Locality", "Status");
	}

	private void collectAnswers() {
		Stream<JavaMethod> operations = this.classes.stream()
			.flatMap((type) -> type.getMethods().stream())
			.filter((method) -> OPERATIONS.stream().anyMatch(method::isAnnotatedWith));
		operations.forEach((method) -> collect(method.reflect().getGenericReturnType(), method.getFullName()));
		collectImplementations(OperationResponseBody.class);
	}

	private void collect(Type type, String where) {
		if (type instanceof ParameterizedType parameterized) {
			collect(parameterized.getRawType(), where);
			Stream.of(parameterized.getActualTypeArguments()).forEach((argument) -> collect(argument, where));
		}
		else if (type instanceof GenericArrayType array) {
			collect(array.getGenericComponentType(), where);
		}
		else if (type instanceof WildcardType wildcard) {
			collect(wildcard.getUpperBounds()[0], where);
		}
		else if (type instanceof Class<?> raw) {
			collectClass(raw.isArray() ? raw.getComponentType() : raw, where);
		}
		else {
			throw new AssertionError("%s: %s does not tell which type is written".formatted(where, type));
		}
	}

	private void collectClass(Class<?> type, String where) {
		assertThat(type).as("%s: its type tells which type is written", where).isNotEqualTo(Object.class);
		if (type.equals(OperationResponseBody.class)) {
			collectImplementations(type);
			return;
		}
		if (type.isPrimitive() || type.getName().startsWith("java.") || !this.answers.add(type)) {
			return;
		}
		if (type.isInterface()) {
			collectImplementations(type);
			return;
		}
		assertThat(type.isRecord() || type.isEnum()).as("%s: %s is a record or an enum", where, type).isTrue();
		for (RecordComponent component : components(type)) {
			collect(component.getGenericType(), type.getName() + "." + component.getName());
		}
	}

	private void collectImplementations(Class<?> type) {
		this.classes.stream()
			.filter((candidate) -> candidate.isAssignableTo(type) && !candidate.isInterface())
			.map(JavaClass::reflect)
			.forEach((implementation) -> collectClass(implementation, type.getName()));
	}

	private static List<RecordComponent> components(Class<?> type) {
		return type.isRecord() ? List.of(type.getRecordComponents()) : List.of();
	}

	private static RuntimeHints hints() {
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get(App.class)), new InMemoryGeneratedFiles());
		new WebApplicationContextRunner().withUserConfiguration(App.class)
			.withPropertyValues("spring.application.name=orders", "management.endpoints.web.exposure.include=*")
			.prepare((context) -> new ApplicationContextAotGenerator()
				.processAheadOfTime((GenericApplicationContext) context.getSourceApplicationContext(), generation));
		return generation.getRuntimeHints();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

	}

}
