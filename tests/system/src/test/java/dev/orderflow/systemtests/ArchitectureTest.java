package dev.orderflow.systemtests;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.api.parallel.ResourceLock;

/// What the classes of this module may use, and how they share the running systems.
@AnalyzeClasses(packages = "dev.orderflow.systemtests")
class ArchitectureTest {

    private static final Predicate<JavaClass> SHARED_SYSTEM_USERS =
            type ->
                    Set.of(RunningSystem.class, ShopClient.class, CarrierOutageScenario.class)
                            .stream()
                            .anyMatch(type::isEquivalentTo);

    /// OperatorAccessTest calls each endpoint that the controllers declare, with each role.
    @ArchTest
    static final ArchRule journeysSeeHttpQueuesAndContractsAlone =
            noClasses()
                    .that()
                    .haveNameNotMatching(".*\\.(RunningSystem|OperatorAccessTest)(\\$.*)?")
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

    /// JUnit runs classes at the same time; those that use a shared system hold its lock.
    @ArchTest
    static final ArchRule testsLockTheSystemsTheyUse =
            classes()
                    .that(describe("contain tests", ArchitectureTest::containsTests))
                    .and(
                            describe(
                                    "use a shared system",
                                    type ->
                                            type.getDirectDependenciesFromSelf().stream()
                                                    .map(Dependency::getTargetClass)
                                                    .anyMatch(SHARED_SYSTEM_USERS)))
                    .should()
                    .beAnnotatedWith(ResourceLock.class)
                    .orShould()
                    .beAnnotatedWith(Isolated.class)
                    .orShould()
                    .haveSimpleName("FuzzTest")
                    .because("FuzzTest has a system of its own");

    private static boolean containsTests(JavaClass type) {
        return type.getMethods().stream()
                .anyMatch(
                        method ->
                                method.isAnnotatedWith(Test.class)
                                        || method.isMetaAnnotatedWith(TestTemplate.class));
    }
}
