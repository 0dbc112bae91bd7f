package dev.orderflow.shipping;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "dev.orderflow.shipping",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ShippingServiceArchitectureTest {

    private static final String[] ADAPTERS = {
        "..shipping.carrier..",
        "..shipping.client..",
        "..shipping.workflow..",
        "..shipping.messaging..",
        "..shipping.persistence..",
        "..shipping.web.."
    };

    @ArchTest
    static final ArchRule theDomainDependsOnTheJdkAndSharedValuesOnly =
            classes()
                    .that()
                    .resideInAPackage("..shipping.domain..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "org.jspecify..",
                            "dev.orderflow.contracts.value..",
                            "..shipping.domain..");

    @ArchTest
    static final ArchRule theUseCasesDependOnNoAdapter =
            noClasses()
                    .that()
                    .resideInAPackage("..shipping.shipment..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(ADAPTERS);

    @ArchTest
    static final ArchRule theUseCasesDependOnNoProtocol =
            noClasses()
                    .that()
                    .resideInAPackage("..shipping.shipment..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "software.amazon..",
                            "io.awspring..",
                            "io.github.resilience4j..",
                            "org.springframework.web..",
                            "org.springframework.data..",
                            "jakarta.persistence..",
                            "tools.jackson..");

    @ArchTest
    static final ArchRule adaptersDoNotDependOnEachOther =
            slices().matching(
                            "dev.orderflow.shipping.(carrier|client|workflow|messaging|persistence|web)..")
                    .should()
                    .notDependOnEachOther();

    @ArchTest
    static final ArchRule onlyTheListenersReadThePublishedLanguage =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..shipping.messaging..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.orderflow.contracts");
}
