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
        var heard = new ListAppender<ILoggingEvent>();
        heard.start();
        root.addAppender(heard);
        try (var _ =
                new SpringApplicationBuilder(EmptyApplication.class)
                        .web(WebApplicationType.NONE)
                        .run("--spring.main.banner-mode=off")) {
            assertThat(root.isAttached(heard)).isTrue();
        } finally {
            root.detachAppender(heard);
        }
    }

    @Test
    void javaUtilLoggingIsForwardedToTheLog() {
        SharedLog.keep();
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        var heard = new ListAppender<ILoggingEvent>();
        heard.start();
        root.addAppender(heard);
        try {
            java.util.logging.Logger.getLogger("tomcat").log(Level.SEVERE, "from Tomcat");
            assertThat(heard.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .contains("from Tomcat");
        } finally {
            root.detachAppender(heard);
        }
    }
}
