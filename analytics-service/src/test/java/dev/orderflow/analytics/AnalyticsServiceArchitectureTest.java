package dev.orderflow.analytics;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "dev.orderflow.analytics",
        importOptions = ImportOption.DoNotIncludeTests.class)
class AnalyticsServiceArchitectureTest {

    @ArchTest
    static final ArchRule edgesDependOnProjectionsAndNotTheOtherWay =
            layeredArchitecture()
                    .consideringOnlyDependenciesInLayers()
                    .layer("web")
                    .definedBy("..analytics.web..")
                    .layer("messaging")
                    .definedBy("..analytics.messaging..")
                    .layer("projection")
                    .definedBy("..analytics.projection..")
                    .whereLayer("web")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("messaging")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("projection")
                    .mayOnlyBeAccessedByLayers("web", "messaging");

    @ArchTest
    static final ArchRule onlyMessagingReadsThePublishedLanguage =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..analytics.messaging..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.orderflow.contracts");

    @ArchTest
    static final ArchRule hasNoCircles =
            slices().matching("dev.orderflow.analytics.(*)..").should().beFreeOfCycles();
}
