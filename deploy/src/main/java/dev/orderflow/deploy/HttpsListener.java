package dev.orderflow.deploy;

import java.util.List;
import software.amazon.awscdk.services.certificatemanager.Certificate;
import software.amazon.awscdk.services.certificatemanager.CertificateValidation;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationListener;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationLoadBalancer;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationProtocol;
import software.amazon.awscdk.services.elasticloadbalancingv2.BaseApplicationListenerProps;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerAction;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerCertificate;
import software.amazon.awscdk.services.elasticloadbalancingv2.SslPolicy;
import software.amazon.awscdk.services.route53.IHostedZone;
import software.constructs.Construct;

/// How a load balancer is spoken to: by TLS alone, and what no rule of its names is not there.
final class HttpsListener {

    private HttpsListener() {}

    /// Adds the listener, with a certificate of its own.
    ///
    /// @param scope whose certificate and listener they are
    /// @param name what the certificate is for
    /// @param zone where the name is, in public, by which it is shown to be ours
    static ApplicationListener add(
            Construct scope, ApplicationLoadBalancer loadBalancer, String name, IHostedZone zone) {
        var certificate =
                Certificate.Builder.create(scope, "certificate")
                        .domainName(name)
                        .validation(CertificateValidation.fromDns(zone))
                        .build();
        return loadBalancer.addListener(
                "https",
                BaseApplicationListenerProps.builder()
                        .port(SecurityGroupRules.HTTPS)
                        .protocol(ApplicationProtocol.HTTPS)
                        .sslPolicy(SslPolicy.TLS13_12_RES_PQ)
                        .certificates(
                                List.of(ListenerCertificate.fromCertificateManager(certificate)))
                        .open(false)
                        .defaultAction(ListenerAction.fixedResponse(404))
                        .build());
    }
}
