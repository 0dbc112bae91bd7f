package dev.orderflow.operations.pages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class PagePathsTest {

    /// So that the path of the workbench is answered 404, as any other path that is none.
    @Test
    void thePathOfTheWorkbenchIsServedOnlyWhereThereIsOne() {
        var environment = new MockEnvironment();
        assertThat(new PageConfiguration(environment).pagePaths().patterns())
                .contains("/orders/**")
                .doesNotContain("/workbench/**");
        environment.setProperty("orderflow.operations.workbench.enabled", "true");
        assertThat(new PageConfiguration(environment).pagePaths().patterns())
                .contains("/workbench/**");
    }
}
