package dev.orderflow.defaults.database;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

/// Generates IAM authentication tokens, which RDS accepts instead of a password.
public final class RdsTokenGenerator {

    private static final String JDBC = "jdbc:";
    private static final int POSTGRES_PORT = 5432;

    private final RdsUtilities rds;

    /// @param credentials credentials of a role with the permission `rds-db:connect` for the user
    /// @param region the region of the database
    public RdsTokenGenerator(AwsCredentialsProvider credentials, Region region) {
        this.rds = RdsUtilities.builder().credentialsProvider(credentials).region(region).build();
    }

    /// Generates a token for one user, valid for 15 minutes. It is signed locally, without a call
    /// of AWS.
    public String generate(String jdbcUrl, String user) {
        if (!jdbcUrl.startsWith(JDBC)) {
            throw new IllegalArgumentException("not a JDBC URL: " + jdbcUrl);
        }
        var server = URI.create(jdbcUrl.substring(JDBC.length()));
        int port = server.getPort() == -1 ? POSTGRES_PORT : server.getPort();
        return rds.generateAuthenticationToken(
                token -> token.hostname(server.getHost()).port(port).username(user));
    }
}
