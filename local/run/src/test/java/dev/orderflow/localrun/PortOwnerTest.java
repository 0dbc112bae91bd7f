package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortOwnerTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "::"})
    void theListeningProcessIsNamed(String address) throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName(address))) {
            assertThat(PortOwner.of(taken.getLocalPort()))
                    .endsWith("(process %d)".formatted(ProcessHandle.current().pid()));
        }
    }

    @Test
    void anInvisibleOwnerIsReportedAsAnotherUsersProgram() throws IOException {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertThat(PortOwner.of(port)).isEqualTo("a program of another user");
    }
}
