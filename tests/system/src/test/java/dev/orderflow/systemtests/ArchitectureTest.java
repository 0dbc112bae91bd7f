package dev.orderflow.systemtests;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.orderflow.systemtests")
class ArchitectureTest {

    @ArchTest
    static final ArchRule journeysSeeHttpQueuesAndContractsAlone =
            noClasses()
                    .that()
                    .haveNameNotMatching(".*\\.RunningSystem(\\$.*)?")
                    .should()
                    .dependOnClassesThat(
                            describe(
                                    "are ours but neither contracts nor tests",
                                    (JavaClass type) ->
                                            type.getPackageName().startsWith("dev.orderflow.")
                                                    && !resideInAPackage(
                                                                    "dev.orderflow.contracts..")
                                                            .test(type)
                                                    && !resideInAPackage(
                                                                    "dev.orderflow.systemtests..")
                                                            .test(type)));
}
