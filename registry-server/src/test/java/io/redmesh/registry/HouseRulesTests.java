package io.redmesh.registry;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

@AnalyzeClasses(packages = "io.redmesh.registry", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseRulesTests {

	@ArchTest
	static final ArchRule featuresAreFreeOfCycles = slices().matching("io.redmesh.registry.(*)..")
		.should()
		.beFreeOfCycles();

	@ArchTest
	static final ArchRule catalogAndStoreKnowNoRest = noClasses().that()
		.resideInAnyPackage("..registry.catalog..", "..registry.store..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("..registry.rest..");

	@ArchTest
	static final ArchRule storesAreApart = slices().matching("io.redmesh.registry.store.(*)..")
		.should()
		.notDependOnEachOther();

	@ArchTest
	static final ArchRule noFeatureDependsOnOneKindOfStore = noClasses().that()
		.resideOutsideOfPackages("..store.redis..", "..store.memory..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("..store.redis..", "..store.memory..");

	@ArchTest
	static final ArchRule onlyTheRedisStoreKnowsRedis = noClasses().that()
		.resideOutsideOfPackage("..store.redis..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.lettuce..", "org.springframework.data.redis..");

	@ArchTest
	static final ArchRule theServerNeedsNoClientSide = noClasses().should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.redmesh.core.endpoint..", "io.redmesh.core.loadbalance..", "io.redmesh.core.call..");

	@ArchTest
	static final ArchRule timeEntersThroughTimeOnly = noClasses().should()
		.callMethod(System.class, "nanoTime")
		.orShould()
		.callMethod(System.class, "currentTimeMillis")
		.orShould()
		.callMethod(java.time.Instant.class, "now")
		.orShould()
		.callMethod(Thread.class, "sleep", long.class);

	@ArchTest
	static final ArchRule namesSaySomething = noClasses().should()
		.haveNameMatching(".*(Impl|Manager|Helper|Utils?|Common|Base|Info|Controller)");

	// The default algorithm of RandomGenerator is in the module jdk.random, which
	// Temurin's JRE images of 17 and 21 leave out.
	@ArchTest
	static final ArchRule chanceComesFromJavaBase = noClasses().should()
		.callMethod(java.util.random.RandomGenerator.class, "getDefault")
		.orShould()
		.callMethod(java.util.random.RandomGenerator.class, "of", String.class);

}
