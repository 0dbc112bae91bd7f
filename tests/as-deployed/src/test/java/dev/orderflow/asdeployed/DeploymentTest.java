package dev.orderflow.asdeployed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.asdeployed.Deployment.Created;
import dev.orderflow.asdeployed.Templates.Resource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// A defect of a template is reported in one line.
class DeploymentTest {

    private static Deployment deployment(Map<String, String> stacks) {
        var templates =
                new Templates(
                        stacks.entrySet().stream()
                                .collect(
                                        java.util.stream.Collectors.toMap(
                                                Map.Entry::getKey,
                                                it ->
                                                        JsonMapper.shared()
                                                                .readTree(
                                                                        it.getValue()
                                                                                .replace(
                                                                                        '\'',
                                                                                        '"')))));
        return new Deployment(templates, "000000000000", DeploymentTest::create);
    }

    /// A type with one property, whose value is its reference.
    private static Created create(Resource resource, Properties properties) {
        var name = properties.text("Name");
        properties.requireAllRead();
        return Created.withArn(name, "arn:" + name);
    }

    @Test
    void resourcesAreCreatedAfterThoseTheyReferTo() {
        var deployment =
                deployment(
                        Map.of(
                                "a",
                                "{'Resources':{'first':{'Type':'T','Properties':{'Name':{'Fn::Sub':'${second}-${second.Arn}'}}},"
                                        + "'second':{'Type':'T','Properties':{'Name':{'Fn::Join':['-',['x',{'Fn::ImportValue':'b:name'}]]}}}}}",
                                "b",
                                "{'Resources':{'third':{'Type':'T','Properties':{'Name':'z'}}},"
                                        + "'Outputs':{'o':{'Value':{'Ref':'third'},'Export':{'Name':'b:name'}}}}"));
        deployment.deployAll();
        assertThat(deployment.created()).containsExactly("b/third", "a/second", "a/first");
    }

    @Test
    void anUnsupportedPropertyIsReportedByName() {
        assertThatThrownBy(
                        () ->
                                deployment(
                                                Map.of(
                                                        "a",
                                                        "{'Resources':{'it':{'Type':'T','Properties':{'Name':'n','Colour':'red'}}}}"))
                                        .deployAll())
                .isInstanceOf(DeploymentException.class)
                .hasMessage("T it of a: local-cloud cannot create it with [Colour]");
    }

    @Test
    void aReferenceToAMissingResourceIsReported() {
        assertThatThrownBy(
                        () ->
                                deployment(
                                                Map.of(
                                                        "a",
                                                        "{'Resources':{'it':{'Type':'T','Properties':{'Name':{'Ref':'gone'}}}}}"))
                                        .deployAll())
                .hasMessage("a refers to the resource gone, which it does not have");
        assertThatThrownBy(
                        () ->
                                deployment(
                                                Map.of(
                                                        "a",
                                                        "{'Resources':{'it':{'Type':'T','Properties':{'Name':{'Fn::ImportValue':'b:gone'}}}}}"))
                                        .deployAll())
                .hasMessage("no stack exports b:gone");
    }

    @Test
    void circularReferencesAreReported() {
        assertThatThrownBy(
                        () ->
                                deployment(
                                                Map.of(
                                                        "a",
                                                        "{'Resources':{'x':{'Type':'T','Properties':{'Name':{'Ref':'y'}}},"
                                                                + "'y':{'Type':'T','Properties':{'Name':{'Ref':'x'}}}}}"))
                                        .deployAll())
                .hasMessageContaining("a/x refers to itself");
    }
}
