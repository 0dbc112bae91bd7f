package dev.orderflow.order;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.RestController;

@AnalyzeClasses(
        packages = "dev.orderflow.order",
        importOptions = ImportOption.DoNotIncludeTests.class)
class OrderServiceArchitectureTest {

    private static final String DOMAIN = "dev.orderflow.order.domain..";

    /// The use cases; they know neither HTTP nor SQL nor AWS.
    private static final String[] USE_CASES = {
        "dev.orderflow.order.access..",
        "dev.orderflow.order.placement..",
        "dev.orderflow.order.cancellation..",
        "dev.orderflow.order.catalogue..",
        "dev.orderflow.order.progress.."
    };

    private static final String[] ADAPTERS = {
        "dev.orderflow.order.web..",
        "dev.orderflow.order.security..",
        "dev.orderflow.order.ports..",
        "dev.orderflow.order.persistence..",
        "dev.orderflow.order.publishing..",
        "dev.orderflow.order.workflow..",
        "dev.orderflow.order.approval..",
        "dev.orderflow.order.workitems..",
        "dev.orderflow.order.personaldata..",
        "dev.orderflow.order.history..",
        "dev.orderflow.order.search.."
    };

    private static final String[] VERTICAL_SLICES = {
        "dev.orderflow.order.approval..",
        "dev.orderflow.order.workitems..",
        "dev.orderflow.order.workflow..",
        "dev.orderflow.order.personaldata..",
        "dev.orderflow.order.publishing..",
        "dev.orderflow.order.history..",
        "dev.orderflow.order.search.."
    };

    private static final String[] WEB_AND_SLICES =
            Stream.concat(Stream.of("dev.orderflow.order.web.."), Stream.of(VERTICAL_SLICES))
                    .toArray(String[]::new);

    @ArchTest
    static final ArchRule theDomainDependsOnTheJdkAndSharedValuesOnly =
            classes()
                    .that()
                    .resideInAPackage(DOMAIN)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            DOMAIN, "dev.orderflow.contracts.value..", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule useCasesDoNotDependOnAdapters =
            noClasses()
                    .that()
                    .resideInAnyPackage(USE_CASES)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(ADAPTERS);

    @ArchTest
    static final ArchRule useCasesDoNotUseHttpSqlOrAws =
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
    static final ArchRule onlyPersistenceUsesJpa =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.orderflow.order.persistence..")
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage(
                                            "jakarta.persistence..",
                                            "org.hibernate..",
                                            "org.springframework.data..")
                                    .and(resideOutsideOfPackage("org.hibernate.validator..")));

    @ArchTest
    static final ArchRule theOutboxDoesNotDependOnItsClients =
            noClasses()
                    .that()
                    .resideInAPackage("dev.orderflow.order.outbox..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(ADAPTERS)
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
    static final ArchRule theServiceDependsOnNoOtherService =
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
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.orderflow.order.(*)..").should().beFreeOfCycles();

    /// The one rule for controllers; see the package documentation of `web`.
    @ArchTest
    static final ArchRule controllersAreInWebOrInTheirVerticalSlice =
            classes()
                    .that()
                    .areAnnotatedWith(RestController.class)
                    .should()
                    .resideInAnyPackage(WEB_AND_SLICES);

    @ArchTest
    static final ArchRule webUsesNoVerticalSlice =
            noClasses()
                    .that()
                    .resideInAPackage("dev.orderflow.order.web..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(VERTICAL_SLICES);

    @ArchTest
    static final ArchRule adaptersArePackagePrivate =
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
