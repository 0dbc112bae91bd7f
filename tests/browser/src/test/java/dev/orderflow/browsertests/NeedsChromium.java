package dev.orderflow.browsertests;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Tests that need Chromium. Where there is none they are skipped, and the output of the build says
/// so.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsChromium.ChromiumCondition.class)
@interface NeedsChromium {

    /// Disables a test without Chromium.
    final class ChromiumCondition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (Chromium.isInstalled()) {
                return ConditionEvaluationResult.enabled("Chromium is installed");
            }
            if (context.getTestMethod().isEmpty()) {
                System.out.printf(
                        "%n*** SKIPPED: %s. There is no Chromium on the PATH: install it"
                                + " (apt-get install chromium), or name it in CHROMIUM. ***%n%n",
                        context.getDisplayName());
            }
            return ConditionEvaluationResult.disabled("There is no Chromium");
        }
    }
}
