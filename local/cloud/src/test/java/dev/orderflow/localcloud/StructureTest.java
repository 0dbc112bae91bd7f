package dev.orderflow.localcloud;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "dev.orderflow.localcloud",
        importOptions = ImportOption.DoNotIncludeTests.class)
class StructureTest {

    private static final String ROOT = "dev.orderflow.localcloud.";

    /// CloudWatch samples the queues and therefore depends on SQS.
    @ArchTest
    static final ArchRule servicesMeetOnlyThroughTheirPorts =
            slices().matching(
                            ROOT
                                    + "(cloudwatch|eventbridge|kms|s3|ses|sns|sqs|stepfunctions|sts)..")
                    .should()
                    .notDependOnEachOther()
                    .ignoreDependency(
                            resideInAPackage(ROOT + "cloudwatch"), resideInAPackage(ROOT + "sqs"));

    @ArchTest
    static final ArchRule theWireKnowsNothingElseOfOurs =
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + "wire")
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("dev.orderflow..")
                                    .and(resideOutsideOfPackage(ROOT + "wire")));

    @ArchTest
    static final ArchRule packagesFormNoCycles =
            slices().matching(ROOT + "(*)..").should().beFreeOfCycles();
}
