package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ClassPathResource;

class MailDomainTest {

    @Test
    void theDomainThatIsVerifiedIsThatOfTheDefaultSender() throws IOException {
        var settings =
                new YamlPropertySourceLoader()
                        .load("settings", new ClassPathResource("notification-service.yml"))
                        .getFirst();
        assertThat(settings.getProperty("orderflow.notification.from"))
                .asString()
                .endsWith("@" + TopologyProvisioning.MAIL_DOMAIN + ">");
    }
}
