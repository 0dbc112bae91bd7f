package dev.orderflow.localcloud.iam;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Which condition keys a request has here.
///
/// AWS takes a key that it does not know for one that is absent. So does the local cloud; but a key
/// that AWS would fill and the local cloud does not is refused by name, since the answer would be
/// another one without a word.
final class ConditionKeys {

    /// The global ones that every request or some have.
    static final Set<String> GLOBAL =
            Set.of(
                    "aws:securetransport",
                    "aws:principalarn",
                    "aws:principalaccount",
                    "aws:principaltype",
                    "aws:principalisawsservice",
                    "aws:principalservicename",
                    "aws:viaawsservice",
                    "aws:sourcearn",
                    "aws:sourceaccount",
                    "aws:requestedregion",
                    "aws:resourceaccount",
                    "aws:currenttime",
                    "aws:epochtime",
                    // The name of an IAM user: a role has none, on AWS too.
                    "aws:username");

    /// The other global keys of AWS ("AWS global condition context keys" in the IAM user guide).
    /// Those that end with a slash begin a name.
    private static final Set<String> MISSING_GLOBAL =
            Set.of(
                    "aws:assumedroot",
                    "aws:calledvia",
                    "aws:calledviafirst",
                    "aws:calledvialast",
                    "aws:chatbotsourcearn",
                    "aws:ec2instancesourceprivateipv4",
                    "aws:ec2instancesourcevpc",
                    "aws:federatedprovider",
                    "aws:multifactorauthage",
                    "aws:multifactorauthpresent",
                    "aws:principalorgid",
                    "aws:principalorgpaths",
                    "aws:principalservicenameslist",
                    "aws:principaltag/",
                    "aws:referer",
                    "aws:requesttag/",
                    "aws:resourceorgid",
                    "aws:resourceorgpaths",
                    "aws:resourcetag/",
                    "aws:sourceidentity",
                    "aws:sourceip",
                    "aws:sourceorgid",
                    "aws:sourceorgpaths",
                    "aws:sourcevpc",
                    "aws:sourcevpcarn",
                    "aws:sourcevpce",
                    "aws:tagkeys",
                    "aws:tokenissuetime",
                    "aws:useragent",
                    "aws:userid",
                    "aws:vpceaccount",
                    "aws:vpceorgid",
                    "aws:vpceorgpaths",
                    "aws:vpcsourceip");

    /// Those of the services that are here.
    private static final Set<String> OF_SERVICES =
            Set.of(
                    "s3:tlsversion",
                    "s3:resourceaccount",
                    // An object may be put without an ACL or with `private` alone, and CDK names
                    // the key for the delivery of logs, which is not here.
                    "s3:x-amz-acl",
                    "kms:viaservice",
                    "cloudwatch:namespace",
                    "events:source",
                    "events:detail-type",
                    "ses:fromaddress",
                    "states:statemachinequalifier",
                    "states:httpendpoint",
                    "states:httpmethod");

    private static final String ENCRYPTION_CONTEXT = "kms:encryptioncontext:";

    private static final List<String> SERVICES =
            List.of(
                    "sqs:",
                    "sns:",
                    "events:",
                    "states:",
                    "cloudwatch:",
                    "ses:",
                    "s3:",
                    "kms:",
                    "sts:");

    private ConditionKeys() {}

    /// @throws IllegalArgumentException when AWS would fill the key and the local cloud does not
    static void requireFilled(String key) {
        var name = key.toLowerCase(Locale.ROOT);
        boolean missing =
                name.startsWith("aws:")
                        ? !GLOBAL.contains(name) && isMissingGlobal(name)
                        : SERVICES.stream().anyMatch(name::startsWith)
                                && !OF_SERVICES.contains(name)
                                && !name.startsWith(ENCRYPTION_CONTEXT);
        if (missing) {
            throw new IllegalArgumentException(
                    "the local cloud does not have the condition key " + key);
        }
    }

    private static boolean isMissingGlobal(String name) {
        return MISSING_GLOBAL.stream()
                .anyMatch(
                        missing ->
                                missing.endsWith("/")
                                        ? name.startsWith(missing)
                                        : name.equals(missing));
    }
}
