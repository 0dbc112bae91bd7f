package dev.orderflow.inventory;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "dev.orderflow.inventory",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule adaptersDependOnServicesAndServicesOnTheDomain =
            layeredArchitecture()
                    .consideringOnlyDependenciesInLayers()
                    .layer("web")
                    .definedBy("..inventory.web..")
                    .layer("messaging")
                    .definedBy("..inventory.messaging..")
                    .layer("orders")
                    .definedBy("..inventory.orders..")
                    .layer("persistence")
                    .definedBy("..inventory.persistence..")
                    .layer("reservation")
                    .definedBy("..inventory.reservation..")
                    .layer("stock")
                    .definedBy("..inventory.stock..")
                    .layer("domain")
                    .definedBy("..inventory.domain..")
                    .whereLayer("web")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("messaging")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("orders")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("persistence")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("reservation")
                    .mayOnlyBeAccessedByLayers("web", "messaging", "orders", "persistence")
                    .whereLayer("stock")
                    .mayOnlyBeAccessedByLayers("web", "persistence", "reservation");

    @ArchTest
    static final ArchRule theDomainDependsOnlyOnJava =
            classes()
                    .that()
                    .resideInAPackage("..inventory.domain..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "org.jspecify..",
                            "dev.orderflow.contracts.value..",
                            "..inventory.domain..");

    @ArchTest
    static final ArchRule onlyMessagingDependsOnPublishedEvents =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..inventory.messaging..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.orderflow.contracts");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.orderflow.inventory.(*)..").should().beFreeOfCycles();
}
