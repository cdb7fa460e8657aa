package io.redmesh.autoconfigure;

import java.time.Instant;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import org.jspecify.annotations.NullMarked;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

@AnalyzeClasses(packages = "io.redmesh.autoconfigure", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseRulesTests {

	@ArchTest
	static final ArchRule featuresAreFreeOfCycles = slices().matching("io.redmesh.autoconfigure.(*)..")
		.should()
		.beFreeOfCycles();

	@ArchTest
	static final ArchRule rootKnowsNoFeature = noClasses().that()
		.resideInAPackage("io.redmesh.autoconfigure")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("io.redmesh.autoconfigure.*..");

	@ArchTest
	static final ArchRule timeEntersByOneDoor = noClasses().should()
		.callMethod(System.class, "nanoTime")
		.orShould()
		.callMethod(System.class, "currentTimeMillis")
		.orShould()
		.callMethod(Instant.class, "now")
		.orShould()
		.callMethod(Thread.class, "sleep", long.class);

	@ArchTest
	static final ArchRule onlyTheCloudPackageKnowsSpringCloud = noClasses().that()
		.resideOutsideOfPackages("io.redmesh.autoconfigure.cloud..", "io.redmesh.autoconfigure.restclient..",
				"io.redmesh.autoconfigure.webclient..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.cloud..");

	@ArchTest
	static final ArchRule autoConfigurationsArePublicAndFinal = classes().that()
		.areAnnotatedWith(AutoConfiguration.class)
		.should()
		.bePublic()
		.andShould()
		.haveModifier(JavaModifier.FINAL);

	@ArchTest
	static final ArchRule beanMethodsArePackagePrivate = methods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.bePackagePrivate();

	@ArchTest
	static final ArchRule namesSaySomething = noClasses().should()
		.haveNameMatching(".*(Impl|Manager|Helper|Utils?|Common|Base|Info)");

	@ArchTest
	static final ArchRule packagesSayWhatIsNull = classes().that()
		.areTopLevelClasses()
		.should()
		.resideInAnyPackage("io.redmesh..")
		.andShould(ArchConditions.be(DescribedPredicate.describe("in a @NullMarked package",
				(JavaClass type) -> type.getPackage().isAnnotatedWith(NullMarked.class))));

	// The default algorithm of RandomGenerator is in the module jdk.random. Temurin's JRE
	// images of 17 and 21 leave that module out.
	@ArchTest
	static final ArchRule chanceComesFromJavaBase = noClasses().should()
		.callMethod(java.util.random.RandomGenerator.class, "getDefault")
		.orShould()
		.callMethod(java.util.random.RandomGenerator.class, "of", String.class);

	// Code reads and writes JSON node by node, so that a native image needs no hints for
	// it. RuntimeHintsTests covers the types that the Actuator maps.
	@ArchTest
	static final ArchRule nothingIsBoundToJsonByReflection = noClasses().should()
		.callMethodWhere(target(nameMatching(
				"(read(er)?(Tree)?AsValue|(read|write)Values?(As.*)?|treeToValue|convertValue|updateValue|valueToTree|writerFor|readerFor.*|.*P[oO][jJ][oO].*)"))
			.and(target(owner(resideInAPackage("tools.jackson..")))));

}
