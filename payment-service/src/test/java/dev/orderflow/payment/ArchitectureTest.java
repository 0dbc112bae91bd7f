package dev.orderflow.payment;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "dev.orderflow.payment",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "dev.orderflow.payment";

    @ArchTest
    static final ArchRule theDomainDependsOnlyOnJava =
            classes()
                    .that()
                    .resideInAPackage(ROOT + ".domain")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "org.jspecify..",
                            "dev.orderflow.contracts.value..",
                            ROOT + ".domain");

    @ArchTest
    static final ArchRule theGatewayPortDependsOnlyOnTheDomain =
            classes()
                    .that()
                    .resideInAPackage(ROOT + ".gateway")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "org.jspecify..",
                            "dev.orderflow.contracts.value..",
                            ROOT + ".gateway",
                            ROOT + ".domain");

    @ArchTest
    static final ArchRule operationsDoNotDependOnAdapters =
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + ".operation")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            ROOT + ".web",
                            ROOT + ".persistence",
                            ROOT + ".stripe",
                            "com.stripe..",
                            "jakarta.persistence..",
                            "org.springframework.web..");

    @ArchTest
    static final ArchRule adaptersDoNotDependOnEachOther =
            slices().matching(ROOT + ".(web|persistence|stripe)").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule onlyTheStripeAdapterDependsOnStripe =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(ROOT + ".stripe")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("com.stripe..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();
}
