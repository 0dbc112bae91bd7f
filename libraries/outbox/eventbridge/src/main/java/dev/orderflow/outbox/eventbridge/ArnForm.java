package dev.orderflow.outbox.eventbridge;

/// The form of an [ARN](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html) of a
/// resource in a region, as a part of a regular expression.
final class ArnForm {

    private ArnForm() {}

    /// The ARN up to the resource.
    ///
    /// @param service its name in ARNs, such as `sns`
    static String prefixOf(String service) {
        return "arn:aws[\\w-]*:" + service + ":[a-z]+-[\\w-]+:\\d{12}:";
    }
}
