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

/// The HTTPS listener of a load balancer. Requests that match no rule are answered with 404.
final class HttpsListener {

    private HttpsListener() {}

    /// Adds the listener with its own certificate.
    ///
    /// @param scope the scope of the certificate and the listener
    /// @param name the domain name of the certificate
    /// @param zone the public hosted zone that validates the certificate
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
