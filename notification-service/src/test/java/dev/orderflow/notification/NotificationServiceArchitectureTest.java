package dev.orderflow.notification;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "dev.orderflow.notification",
        importOptions = ImportOption.DoNotIncludeTests.class)
class NotificationServiceArchitectureTest {

    @ArchTest
    static final ArchRule templatesDependOnContractsOnly =
            classes()
                    .that()
                    .resideInAPackage("..notification.template..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "org.jspecify..",
                            "dev.orderflow.contracts..",
                            "..notification.template..");

    @ArchTest
    static final ArchRule noClassDependsOnTheListenerOrTheWeb =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("..notification.messaging..", "..notification.web..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("..notification.messaging..", "..notification.web..");

    @ArchTest
    static final ArchRule onlyTheChannelsCallSnsAndSes =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..notification.channel..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("software.amazon..");

    @ArchTest
    static final ArchRule onlyTheContactClientCallsOrderService =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..notification.contact..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.springframework.web.client..");

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("dev.orderflow.notification.(*)..").should().beFreeOfCycles();
}
