package dev.orderflow.deploy;

import dev.orderflow.topology.ApprovalLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The configuration of one installation.
///
/// @param name the name of the stage; not part of resource names, since an account contains one
///     stage
/// @param account twelve digits
/// @param region for example `us-east-1`
/// @param availabilityZones two or more zones of the region; configured, so that synthesis needs no
///     lookup
/// @param domain a public hosted zone of the account; the API is at `api.<domain>`, and the
///     certificate of the internal load balancer is for `*.internal.<domain>`
/// @param hostedZoneId the id of the hosted zone
/// @param carrierUrl the URL of the API of the carrier; `https`
/// @param s3PrefixList the id of the region's managed prefix list of S3 (`aws ec2
///     describe-managed-prefix-lists`), for security group rules
/// @param scale the size of the installation
/// @param analytics how the analytics queue is consumed
/// @param imageTag the tag of the images in the registry; never `latest`
/// @param pageEmail the address for alarms on which the operator on call acts at once
/// @param ticketEmail the address for alarms on which an operator acts during working hours, and
///     for budget notifications
/// @param monthlyBudgetDollars the limit of the monthly budget
/// @param approvalLimits the totals above which an order waits for an approval, by currency; every
///     order in a currency without limit waits
/// @param hoursWithoutOrders after how many hours (1 to 24) without orders an alarm is raised; more
///     than the longest usual period without orders
/// @param clientAddresses networks, as `192.0.2.0/24`, of programs that order for many customers;
///     the rate limit by address does not apply to them
/// @param backup the region for copies of database backups
public record Stage(
        String name,
        String account,
        String region,
        List<String> availabilityZones,
        String domain,
        String hostedZoneId,
        String carrierUrl,
        String s3PrefixList,
        StageScale scale,
        AnalyticsMode analytics,
        String imageTag,
        String pageEmail,
        String ticketEmail,
        int monthlyBudgetDollars,
        ApprovalLimits approvalLimits,
        int hoursWithoutOrders,
        List<String> clientAddresses,
        BackupRegion backup) {

    /// The backup region, for the loss of the primary one.
    ///
    /// @param region the region of the copies
    /// @param keyArn a KMS key of that region, which encrypts them
    public record BackupRegion(String region, String keyArn) {

        public BackupRegion {
            require(
                    keyArn.matches("arn:aws[a-z-]*:kms:" + region + ":[0-9]{12}:key/[0-9a-f-]+"),
                    "backup.keyArn must be the ARN of a key of %s but was %s"
                            .formatted(region, keyArn));
        }
    }

    /// The size of an installation; see `docs/cost.md`.
    public enum StageScale {
        SMALL,
        MEDIUM,
        LARGE
    }

    /// How the analytics queue is consumed.
    public enum AnalyticsMode {
        /// By the container of analytics-service.
        CONTAINER,
        /// By a Lambda function with an event source mapping.
        LAMBDA
    }

    public Stage {
        availabilityZones = List.copyOf(availabilityZones);
        clientAddresses = List.copyOf(clientAddresses);
        require(
                hoursWithoutOrders >= 1 && hoursWithoutOrders <= 24,
                "hoursWithoutOrders must be 1 to 24 but was " + hoursWithoutOrders);
        for (var network : clientAddresses) {
            require(
                    network.matches("[0-9.]+/[0-9]{1,2}"),
                    "clientAddresses must be IPv4 networks but one was " + network);
        }
        require(
                !backup.region().equals(region),
                "backup.region must be another region than " + region);
        require(account.matches("[0-9]{12}"), "account must be twelve digits but was " + account);
        require(availabilityZones.size() >= 2, "availabilityZones must contain at least two zones");
        require(
                carrierUrl.startsWith("https://"),
                "carrierUrl must be https but was " + carrierUrl);
        require(
                s3PrefixList.matches("pl-[0-9a-f]+"),
                "s3PrefixList must be the id of a prefix list but was " + s3PrefixList);
        require(!imageTag.equals("latest"), "imageTag must not be latest");
        require(monthlyBudgetDollars >= 1, "monthlyBudgetDollars must be at least 1");
    }

    /// Reads the file of a stage.
    ///
    /// @throws IllegalArgumentException if the file does not exist
    /// @throws tools.jackson.core.JacksonException if a field is missing, unknown or invalid
    public static Stage read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("stage file does not exist: " + file);
        }
        try {
            return JSON.readValue(Files.readString(file), Stage.class);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(
                            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                            DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                            DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
