package dev.orderflow.systemtests;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The AWS CLI of this machine, and the script that stands for it in a [Shell]: a command for
/// local-cloud is executed, of one of [OnlyOnAws] the arguments are checked, and one that this CLI
/// cannot check is listed with what it needs.
final class AwsCli implements AutoCloseable {

    private static final Pattern MAJOR_VERSION = Pattern.compile("aws-cli/(\\d+)\\.");

    private static final String SCRIPT =
            """
            skip() { echo "$1: aws $2" >> "$SHELL_FOLDER/not-run"; exit 0; }
            if [ -z "$REAL_AWS" ]; then skip "without the AWS CLI" "$*"; fi
            operation="$1 $2"
            if [ "$1" = --endpoint-url ]; then operation="$3 $4"; fi
            case "aws $operation" in
            'aws logs tail')
               # It has no skeleton, and local-cloud has no logs.
               if [ "$REAL_AWS_VERSION" -lt 2 ]; then skip "without version 2 of the AWS CLI" "$*"; fi
               "$REAL_AWS" "$@" --endpoint-url "$EMPTY_LOGS"; code=$? ;;
            %s)
               "$REAL_AWS" "$@" --generate-cli-skeleton input > "$SHELL_FOLDER/skeleton" 2>&1; code=$?
               [ $code = 0 ] || cat "$SHELL_FOLDER/skeleton" >&2
               case " $* " in *" --output text "*) echo sample ;; esac ;;
            *) "$REAL_AWS" "$@"; code=$? ;;
            esac
            [ $code = 0 ] || echo "aws $*" >> "$SHELL_FOLDER/failed"
            exit $code
            """
                    .formatted(OnlyOnAws.pattern());

    private final Optional<Path> program;
    private final int version;
    private final HttpStub emptyLogs =
            new HttpStub(_ -> new StubResponse(200, "{\"events\":[],\"searchedLogStreams\":[]}"));

    /// @param program empty when the AWS CLI is not installed
    AwsCli(Optional<Path> program) {
        this.program = program;
        this.version = program.map(AwsCli::majorVersion).orElse(0);
    }

    private static int majorVersion(Path program) {
        try {
            var process =
                    new ProcessBuilder(program.toString(), "--version")
                            .redirectErrorStream(true)
                            .start();
            var output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            var found = MAJOR_VERSION.matcher(output);
            if (!found.find()) {
                throw new IllegalStateException(program + " has no version: " + output);
            }
            return Integer.parseInt(found.group(1));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    boolean isInstalled() {
        return program.isPresent();
    }

    /// The body of the script `aws`, which needs [#environment].
    String script() {
        return SCRIPT;
    }

    /// The variables of the script besides `SHELL_FOLDER`, where it lists what was not run and what
    /// failed.
    Map<String, String> environment() {
        return Map.of(
                "REAL_AWS", program.map(Path::toString).orElse(""),
                "REAL_AWS_VERSION", Integer.toString(version),
                "EMPTY_LOGS", emptyLogs.url());
    }

    @Override
    public void close() {
        emptyLogs.close();
    }
}
