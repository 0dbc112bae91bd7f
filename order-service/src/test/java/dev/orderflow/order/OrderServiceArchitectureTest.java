package dev.orderflow.order;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "dev.orderflow.order",
        importOptions = ImportOption.DoNotIncludeTests.class)
class OrderServiceArchitectureTest {

    private static final String DOMAIN = "dev.orderflow.order.domain..";

    /// What decides; it knows no edge.
    private static final String[] USE_CASES = {
        "dev.orderflow.order.access..",
        "dev.orderflow.order.placement..",
        "dev.orderflow.order.cancellation..",
        "dev.orderflow.order.catalogue..",
        "dev.orderflow.order.progress.."
    };

    private static final String[] EDGES = {
        "dev.orderflow.order.web..",
        "dev.orderflow.order.security..",
        "dev.orderflow.order.persistence..",
        "dev.orderflow.order.publishing..",
        "dev.orderflow.order.workflow..",
        "dev.orderflow.order.approval..",
        "dev.orderflow.order.workitems..",
        "dev.orderflow.order.personaldata.."
    };

    @ArchTest
    static final ArchRule theDomainSeesTheJdkAlone =
            classes()
                    .that()
                    .resideInAPackage(DOMAIN)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            DOMAIN, "dev.orderflow.contracts.value..", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule useCasesKnowNoEdge =
            noClasses()
                    .that()
                    .resideInAnyPackage(USE_CASES)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(EDGES);

    @ArchTest
    static final ArchRule useCasesKnowNeitherHttpNorSqlNorTheCloud =
            noClasses()
                    .that()
                    .resideInAnyPackage(USE_CASES)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "jakarta..",
                            "org.springframework.web..",
                            "org.springframework.http..",
                            "org.springframework.jdbc..",
                            "org.springframework.data..",
                            "software.amazon..",
                            "io.awspring..",
                            "tools.jackson..");

    @ArchTest
    static final ArchRule onlyPersistenceKnowsJpa =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.orderflow.order.persistence..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "jakarta.persistence..",
                            "org.hibernate..",
                            "org.springframework.data..");

    @ArchTest
    static final ArchRule theOutboxKnowsNoOneWhoUsesIt =
            noClasses()
                    .that()
                    .resideInAPackage("dev.orderflow.order.outbox..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(EDGES)
                    .orShould()
                    .dependOnClassesThat()
                    .resideInAnyPackage(USE_CASES);

    @ArchTest
    static final ArchRule thePublishedLanguageStaysOutOfDomainPersistenceAndWeb =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            DOMAIN,
                            "dev.orderflow.order.catalogue..",
                            "dev.orderflow.order.persistence..",
                            "dev.orderflow.order.web..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.orderflow.contracts");

    @ArchTest
    static final ArchRule nothingSeesAnotherServiceOrTheTopology =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.orderflow.inventory..",
                            "dev.orderflow.payment..",
                            "dev.orderflow.shipping..",
                            "dev.orderflow.notification..",
                            "dev.orderflow.analytics..",
                            "dev.orderflow.operations..",
                            "dev.orderflow.topology..",
                            "dev.orderflow.localcloud..",
                            "dev.orderflow.localrun..");

    @ArchTest
    static final ArchRule thePackagesHaveNoCircles =
            slices().matching("dev.orderflow.order.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule edgesAreNobodysBusiness =
            classes()
                    .that()
                    .resideInAnyPackage(
                            "dev.orderflow.order.web..",
                            "dev.orderflow.order.security..",
                            "dev.orderflow.order.persistence..")
                    .and()
                    .areTopLevelClasses()
                    .should()
                    .bePackagePrivate();
}
