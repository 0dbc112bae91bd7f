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
    static final ArchRule lettersSeeOnlyThePublishedLanguage =
            classes()
                    .that()
                    .resideInAPackage("..notification.message..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "org.jspecify..",
                            "dev.orderflow.contracts..",
                            "..notification.message..");

    @ArchTest
    static final ArchRule noClassDependsOnTheListenerOrTheWeb =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("..notification.messaging..", "..notification.web..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("..notification.messaging..", "..notification.web..");

    @ArchTest
    static final ArchRule onlyTheChannelsSpeakToSnsAndSes =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..notification.channel..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("software.amazon..");

    @ArchTest
    static final ArchRule onlyOrdersSpeaksToOrderService =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..notification.orders..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.springframework.web.client..");

    @ArchTest
    static final ArchRule hasNoCircles =
            slices().matching("dev.orderflow.notification.(*)..").should().beFreeOfCycles();
}
