package dev.orderflow.localmachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortsTest {

    private static final int MANY = 300;

    @Test
    void noPortIsGivenOutTwice() {
        var ports = new ArrayList<>(FreePorts.findMany(MANY));
        IntStream.range(0, MANY).forEach(_ -> ports.add(FreePorts.findOne()));
        assertThat(ports).doesNotHaveDuplicates().hasSize(2 * MANY);
    }

    @Test
    void aPortCanBeListenedOn() throws IOException {
        try (var server =
                new ServerSocket(FreePorts.findOne(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(server.isBound()).isTrue();
        }
    }

    @Test
    void processesThatChoosePortsAtTheSameTimeGetDifferentOnes() throws Exception {
        var processes = List.of(choosingProcess(), choosingProcess(), choosingProcess());
        try {
            var ports = new ArrayList<>(FreePorts.findMany(MANY));
            for (var process : processes) {
                var lines = process.inputReader();
                for (int i = 0; i < MANY; i++) {
                    ports.add(Integer.valueOf(lines.readLine()));
                }
            }
            assertThat(ports).doesNotHaveDuplicates().hasSize(4 * MANY);
        } finally {
            processes.forEach(Process::destroy);
        }
    }

    private static Process choosingProcess() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PortChooser.class.getName(),
                        Integer.toString(MANY))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /// Prints ports and owns them until its input ends.
    static final class PortChooser {

        private PortChooser() {}

        public static void main(String[] args) throws IOException {
            for (int i = 0; i < Integer.parseInt(args[0]); i++) {
                System.out.println(FreePorts.findOne());
            }
            System.in.read();
        }
    }
}
