package dev.orderflow.localrun;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/// The dependency directions of the whole project, checked in the module that depends on all
/// others.
@AnalyzeClasses(packages = "dev.orderflow", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /// The package of `order-service` is `order`, and so on.
    private static final List<String> NAMES =
            Component.services().stream()
                    .map(service -> service.label().replaceFirst("-.*", ""))
                    .toList();

    private static final String[] SERVICES =
            NAMES.stream().map("dev.orderflow.%s.."::formatted).toArray(String[]::new);

    @ArchTest
    static final ArchRule servicesDoNotKnowTheCloudTheyRunOn =
            noClasses()
                    .that()
                    .resideInAnyPackage(SERVICES)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.orderflow.commandline..",
                            "dev.orderflow.localcloud..",
                            "dev.orderflow.localpostgres..",
                            "dev.orderflow.localrun..",
                            "dev.orderflow.localmachine..",
                            "dev.orderflow.sandboxes..",
                            "dev.orderflow.topology..");

    @ArchTest
    static final ArchRule noServiceKnowsAnother =
            slices().matching("dev.orderflow.(%s)..".formatted(String.join("|", NAMES)))
                    .should()
                    .notDependOnEachOther();

    @ArchTest
    static final ArchRule theSandboxesDoNotKnowTheServices =
            classes()
                    .that()
                    .resideInAPackage("dev.orderflow.sandboxes..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideOutsideOfPackages(SERVICES);

    @ArchTest
    static final ArchRule moneyAndPersonsAreNotPrinted =
            noClasses()
                    .that()
                    .resideInAnyPackage(SERVICES)
                    .should()
                    .accessField(System.class, "out");
}
