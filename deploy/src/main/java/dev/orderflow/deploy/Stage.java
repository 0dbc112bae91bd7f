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

/// One installation: where it is, how large, and what is chosen for it.
///
/// @param name of the stage; part of no resource's name, since an account holds one stage
/// @param account twelve digits
/// @param region for example `us-east-1`
/// @param availabilityZones two or more of the region's; named here so that building needs no
///     look-up
/// @param domain a public hosted zone of the account; the API is `api.<domain>`, and the internal
///     load balancer's public certificate, which Step Functions demands, is for
///     `*.internal.<domain>`
/// @param hostedZoneId of the domain
/// @param carrierUrl where the carrier takes bookings; `https`
/// @param s3PrefixList the id of the region's managed prefix list of S3 (`aws ec2
///     describe-managed-prefix-lists`), for security groups, which know no names
/// @param scale how large
/// @param analytics how its queue is read
/// @param imageTag of the images in the account's registry; never `latest`, so that a stage says
///     what runs
/// @param alarmEmail who is told of alarms and of the budget
/// @param monthlyBudgetDollars above which the budget's alarm goes off
/// @param approvalLimits the totals above which an order waits for a person, by currency; in a
///     currency without one every order waits
/// @param hoursWithoutOrders for how many hours, 1 to 24, the shop may have no order before that is
///     a reason to look: longer than its quietest night
/// @param clientAddresses networks, as `192.0.2.0/24`, from which programs order for many
///     customers; no limit by address holds for them, those by client do
/// @param backup where copies of the database's backups are kept
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
        String alarmEmail,
        int monthlyBudgetDollars,
        ApprovalLimits approvalLimits,
        int hoursWithoutOrders,
        List<String> clientAddresses,
        BackupRegion backup) {

    /// Another region, for the day on which this one is lost.
    ///
    /// @param region where the copies are
    /// @param keyArn a key of that region, which encrypts them
    public record BackupRegion(String region, String keyArn) {

        public BackupRegion {
            require(
                    keyArn.matches("arn:aws[a-z-]*:kms:" + region + ":[0-9]{12}:key/[0-9a-f-]+"),
                    "backup.keyArn must be the ARN of a key of %s but was %s"
                            .formatted(region, keyArn));
        }
    }

    /// How large an installation is; the sizes of `docs/cost.md`.
    public enum StageScale {
        SMALL,
        MEDIUM,
        LARGE
    }

    /// How the analytics queue is read.
    public enum AnalyticsMode {
        /// By a container that runs all the time.
        CONTAINER,
        /// By a Lambda function behind an event source mapping.
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
        require(availabilityZones.size() >= 2, "a stage needs two availability zones");
        require(
                carrierUrl.startsWith("https://"),
                "carrierUrl must be https but was " + carrierUrl);
        require(
                s3PrefixList.matches("pl-[0-9a-f]+"),
                "s3PrefixList must be the id of a prefix list but was " + s3PrefixList);
        require(!imageTag.equals("latest"), "imageTag must say what runs, and latest does not");
        require(monthlyBudgetDollars >= 1, "monthlyBudgetDollars must be at least 1");
    }

    /// Reads a stage from its file.
    ///
    /// @throws IllegalArgumentException when there is no such file
    /// @throws tools.jackson.core.JacksonException when a part is missing, unknown or refused
    public static Stage read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("there is no stage " + file);
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
