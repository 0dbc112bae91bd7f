package dev.orderflow.asdeployed;

import java.util.Map;

/// A task of ECS as its template defines it.
///
/// @param name of its only container, which is the service's
/// @param image with its registry and tag
/// @param taskRole ARN of the role of the code in it
/// @param executionRole ARN of the role with which ECS starts it
/// @param environment variables
/// @param secrets variables whose values ECS fetches, with the ARNs of the secrets
/// @param logGroup where ECS writes its output
record TaskDefinition(
        String name,
        String image,
        String taskRole,
        String executionRole,
        Map<String, String> environment,
        Map<String, String> secrets,
        String logGroup) {

    TaskDefinition {
        environment = Map.copyOf(environment);
        secrets = Map.copyOf(secrets);
    }

    /// The repository of its image.
    String repository() {
        return image.substring(image.indexOf('/') + 1, image.lastIndexOf(':'));
    }
}
