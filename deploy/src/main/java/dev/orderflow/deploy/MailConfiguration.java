package dev.orderflow.deploy;

import software.amazon.awscdk.services.route53.IPublicHostedZone;
import software.amazon.awscdk.services.route53.TxtRecord;
import software.amazon.awscdk.services.ses.ConfigurationSet;
import software.amazon.awscdk.services.ses.ConfigurationSetTlsPolicy;
import software.amazon.awscdk.services.ses.EmailIdentity;
import software.amazon.awscdk.services.ses.Identity;
import software.amazon.awscdk.services.ses.MailFromBehaviorOnMxFailure;
import software.amazon.awscdk.services.ses.SuppressionReasons;
import software.constructs.Construct;

/// Mails come from the stage's domain: signed by keys that SES has in its zone (DKIM), sent from a
/// subdomain that says SES may (MAIL FROM, SPF), and a receiver who finds neither is told what to
/// do (DMARC).
///
/// A mail that bounces for good, or that its recipient calls spam, puts the address on the
/// account's suppression list, so that none is sent to it again; SES counts both, and alarms watch
/// the rates.
final class MailConfiguration extends Construct {

    /// What every mail of the domain is sent with.
    static final String CONFIGURATION_SET = "orderflow";

    MailConfiguration(Construct scope, Stage stage, IPublicHostedZone zone) {
        super(scope, "mail");
        var set =
                ConfigurationSet.Builder.create(this, "configuration")
                        .configurationSetName(CONFIGURATION_SET)
                        .suppressionReasons(SuppressionReasons.BOUNCES_AND_COMPLAINTS)
                        .reputationMetrics(true)
                        .tlsPolicy(ConfigurationSetTlsPolicy.REQUIRE)
                        .build();
        EmailIdentity.Builder.create(this, "identity")
                .identity(Identity.publicHostedZone(zone))
                .configurationSet(set)
                .mailFromDomain("mail." + stage.domain())
                .mailFromBehaviorOnMxFailure(MailFromBehaviorOnMxFailure.REJECT_MESSAGE)
                // Bounces and complaints are counted, and not mailed to a sender nobody reads.
                .feedbackForwarding(false)
                .build();
        TxtRecord.Builder.create(this, "dmarc")
                .zone(zone)
                .recordName("_dmarc")
                .values(java.util.List.of("v=DMARC1; p=quarantine; adkim=s; aspf=r"))
                .build();
    }
}
