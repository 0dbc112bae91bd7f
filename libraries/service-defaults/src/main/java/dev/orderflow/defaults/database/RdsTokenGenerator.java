package dev.orderflow.defaults.database;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

/// What RDS takes in place of a password.
public final class RdsTokenGenerator {

    private static final String JDBC = "jdbc:";
    private static final int POSTGRES_PORT = 5432;

    private final RdsUtilities rds;

    /// @param credentials whose role may `rds-db:connect` as the user
    /// @param region of the database
    public RdsTokenGenerator(AwsCredentialsProvider credentials, Region region) {
        this.rds = RdsUtilities.builder().credentialsProvider(credentials).region(region).build();
    }

    /// A token for one user, to be used within 15 minutes. It is signed here; nobody is asked.
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
