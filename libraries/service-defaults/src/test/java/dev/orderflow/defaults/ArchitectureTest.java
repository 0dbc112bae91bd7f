package dev.orderflow.defaults;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "dev.orderflow.defaults",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule dependsOnNoModuleOfOurs =
            noClasses()
                    .should()
                    .dependOnClassesThat(
                            com.tngtech.archunit.base.DescribedPredicate.describe(
                                    "are of another module of ours",
                                    type ->
                                            type.getPackageName().startsWith("dev.orderflow.")
                                                    && !type.getPackageName()
                                                            .startsWith("dev.orderflow.defaults")));

    @ArchTest
    static final ArchRule hasNoCircles =
            slices().matching("dev.orderflow.defaults.(*)..").should().beFreeOfCycles();
}
