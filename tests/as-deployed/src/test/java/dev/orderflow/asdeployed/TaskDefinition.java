package dev.orderflow.asdeployed;

import java.util.Map;

/// A task definition of ECS.
///
/// @param name name of its only container and of the service
/// @param image image with registry and tag
/// @param taskRole ARN of the role of the service
/// @param executionRole ARN of the role with which ECS starts the container
/// @param environment environment variables
/// @param secrets environment variables with the ARN of the secret that ECS reads for each
/// @param logGroup log group of the output
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
