package io.redmesh.core;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

@AnalyzeClasses(packages = "io.redmesh.core", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseRulesTests {

	@ArchTest
	static final ArchRule packagesImportOnlyFromThoseLeftOfThem = layeredArchitecture()
		.consideringOnlyDependenciesInLayers()
		.layer("time")
		.definedBy("..core.time..")
		.layer("instance")
		.definedBy("..core.instance..")
		.layer("registry")
		.definedBy("..core.registry..")
		.layer("traffic")
		.definedBy("..core.traffic..")
		.layer("endpoint")
		.definedBy("..core.endpoint..")
		.layer("loadbalance")
		.definedBy("..core.loadbalance..")
		.layer("call")
		.definedBy("..core.call..")
		.whereLayer("call")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("loadbalance")
		.mayOnlyBeAccessedByLayers("call")
		.layer("outlier")
		.definedBy("..core.outlier..")
		.whereLayer("outlier")
		.mayOnlyBeAccessedByLayers("call")
		.whereLayer("endpoint")
		.mayOnlyBeAccessedByLayers("loadbalance", "outlier", "call")
		.whereLayer("traffic")
		.mayOnlyBeAccessedByLayers("endpoint", "loadbalance", "outlier", "call")
		.whereLayer("registry")
		.mayOnlyBeAccessedByLayers("traffic", "endpoint", "loadbalance", "outlier", "call")
		.whereLayer("instance")
		.mayOnlyBeAccessedByLayers("registry", "traffic", "endpoint", "loadbalance", "outlier", "call");

	@ArchTest
	static final ArchRule theCoreKnowsNoFramework = classes().should()
		.onlyDependOnClassesThat()
		.resideInAnyPackage("java..", "org.jspecify.annotations..", "org.slf4j..", "com.google.re2j..",
				"io.redmesh.core..");

	@ArchTest
	static final ArchRule onlyTrafficRulesKnowTheLibraryOfRegularExpressions = noClasses().that()
		.resideOutsideOfPackage("..core.traffic")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("com.google.re2j..");

	@ArchTest
	static final ArchRule trafficRulesDoNotKnowTheirDocuments = noClasses().that()
		.resideInAPackage("..core.traffic")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("..core.traffic.document..");

	@ArchTest
	static final ArchRule timeEntersThroughTimeOnly = noClasses().that()
		.resideOutsideOfPackage("..core.time..")
		.should()
		.callMethod(System.class, "nanoTime")
		.orShould()
		.callMethod(System.class, "currentTimeMillis")
		.orShould()
		.callMethod(java.time.Instant.class, "now")
		.orShould()
		.callMethod(Thread.class, "sleep", long.class);

	@ArchTest
	static final ArchRule namesSaySomething = noClasses().should()
		.haveNameMatching(".*(Impl|Manager|Helper|Utils?|Common|Base|Info)");

	// The default algorithm of RandomGenerator is in the module jdk.random, which
	// Temurin's JRE images of 17 and 21 leave out.
	@ArchTest
	static final ArchRule chanceComesFromJavaBase = noClasses().should()
		.callMethod(java.util.random.RandomGenerator.class, "getDefault")
		.orShould()
		.callMethod(java.util.random.RandomGenerator.class, "of", String.class);

}
