package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CostTest {

    private final SynthesizedApp synthesis = SynthesizedApp.get();

    @Test
    void theCostModelMatchesTheTemplates() throws IOException {
        var alarms = count("AWS::CloudWatch::Alarm") - SynthesizedApp.TOPOLOGY.allAlarms().size();
        assertThat(Files.readString(Path.of("..", "docs", "cost.md")))
                .contains(
                        "%d VPC endpoints, %d load balancers, %d keys, %d secrets, %d composite alarms and %d alarms"
                                .formatted(
                                        interfaceEndpoints(),
                                        count("AWS::ElasticLoadBalancingV2::LoadBalancer"),
                                        count("AWS::KMS::Key"),
                                        count("AWS::SecretsManager::Secret"),
                                        count("AWS::CloudWatch::CompositeAlarm"),
                                        alarms));
    }

    private int count(String type) {
        return synthesis.resources(type).size();
    }

    /// The gateway endpoint of S3 is free.
    private long interfaceEndpoints() {
        return synthesis.resources("AWS::EC2::VPCEndpoint").stream()
                .filter(endpoint -> endpoint.at("VpcEndpointType").asString().equals("Interface"))
                .count();
    }
}
