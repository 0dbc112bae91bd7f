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

/// Configures SES for the domain of the stage: DKIM signatures, a MAIL FROM subdomain with SPF, and
/// a DMARC policy.
///
/// Hard bounces and complaints put the address on the suppression list of the account, so that no
/// further e-mail is sent to it. Alarms monitor both rates.
final class MailConfiguration extends Construct {

    /// The configuration set of all e-mails.
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
                // Bounces and complaints are counted instead of forwarded to the sender address.
                .feedbackForwarding(false)
                .build();
        TxtRecord.Builder.create(this, "dmarc")
                .zone(zone)
                .recordName("_dmarc")
                .values(java.util.List.of("v=DMARC1; p=quarantine; adkim=s; aspf=r"))
                .build();
    }
}
