package dev.orderflow.operations.workbench;

import dev.orderflow.operations.services.ServiceApi;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Profiles;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/// Prevents the start of a console with a workbench, unless the profile `local` is active.
@Configuration(proxyBeanMethods = false)
@ConditionalOnWorkbench
@EnableConfigurationProperties(WorkbenchProperties.class)
class WorkbenchConfiguration {

    private static final String LOCAL = "local";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    /// Everything runs on one machine, which may be busy.
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(20);

    /// A bean factory post-processor, because these run before any other bean is created.
    @Bean
    static BeanFactoryPostProcessor workbenchInLocalOnly(ConfigurableEnvironment environment) {
        return new LocalProfileRequirement(environment);
    }

    private record LocalProfileRequirement(ConfigurableEnvironment environment)
            implements BeanFactoryPostProcessor, PriorityOrdered {

        @Override
        public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
            if (!environment.acceptsProfiles(Profiles.of(LOCAL))) {
                throw new WorkbenchOutsideLocalException();
            }
        }

        @Override
        public int getOrder() {
            return Ordered.HIGHEST_PRECEDENCE;
        }
    }

    @Bean
    WorkbenchClients workbenchClients(
            WorkbenchProperties properties, ObservationRegistry observations) {
        var http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .build();
        return new WorkbenchClients(
                new ServiceApi(
                        "the payment gateway", client(http, properties.gatewayUrl(), observations)),
                new ServiceApi("the carrier", client(http, properties.carrierUrl(), observations)),
                new ServiceApi("local-cloud", client(http, properties.cloudUrl(), observations)),
                client(http, properties.orderApiUrl(), observations),
                client(http, properties.issuerUrl(), observations));
    }

    /// Without the internal API key, which is none of theirs.
    private static RestClient client(HttpClient http, URI url, ObservationRegistry observations) {
        var requests = new JdkClientHttpRequestFactory(http);
        requests.setReadTimeout(READ_TIMEOUT);
        return RestClient.builder()
                .baseUrl(url)
                .requestFactory(requests)
                .observationRegistry(observations)
                .build();
    }
}
