package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Configuration;

class SharedLogTest {

    @Configuration(proxyBeanMethods = false)
    static class EmptyApplication {}

    @Test
    void startingAServiceDoesNotChangeTheLogConfiguration() {
        SharedLog.keep();
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        var appender = new ListAppender<ILoggingEvent>();
        appender.start();
        root.addAppender(appender);
        try (var _ =
                new SpringApplicationBuilder(EmptyApplication.class)
                        .web(WebApplicationType.NONE)
                        .run("--spring.main.banner-mode=off")) {
            assertThat(root.isAttached(appender)).isTrue();
        } finally {
            root.detachAppender(appender);
        }
    }

    @Test
    void javaUtilLoggingIsForwardedToTheLog() {
        SharedLog.keep();
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        var appender = new ListAppender<ILoggingEvent>();
        appender.start();
        root.addAppender(appender);
        try {
            java.util.logging.Logger.getLogger("tomcat").log(Level.SEVERE, "from Tomcat");
            assertThat(appender.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .contains("from Tomcat");
        } finally {
            root.detachAppender(appender);
        }
    }
}
