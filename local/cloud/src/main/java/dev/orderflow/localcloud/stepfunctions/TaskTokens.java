package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The tokens of waiting tasks.
///
/// Tokens are signed, so that an expired token (`TaskTimedOut`) can be distinguished from one that
/// was never issued (`InvalidToken`) without storing expired tokens.
final class TaskTokens {

    private static final int ID_BYTES = 64;

    private final ConcurrentHashMap<String, PendingTask> pending = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec key;

    TaskTokens() {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        key = new SecretKeySpec(secret, "HmacSHA256");
    }

    String issue(PendingTask task) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        String token =
                Base64.getEncoder()
                        .encodeToString(
                                ByteBuffer.allocate(ID_BYTES + 32).put(id).put(sign(id)).array());
        pending.put(token, task);
        return token;
    }

    /// The ARN of the state machine whose task waits for this token; empty if none does.
    Optional<String> stateMachineOf(String token) {
        return Optional.ofNullable(pending.get(token)).map(PendingTask::stateMachineArn);
    }

    void forget(String token) {
        pending.remove(token);
    }

    /// @throws AwsErrorException `InvalidToken` or `TaskTimedOut` if no task waits for the token
    PendingTask find(String token) {
        PendingTask task = pending.get(token);
        if (task == null) {
            throw wasIssued(token) ? timedOut() : StepFunctionsRequest.invalidToken();
        }
        return task;
    }

    static AwsErrorException timedOut() {
        return AwsErrorException.client(
                "TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
    }

    private boolean wasIssued(String token) {
        try {
            byte[] bytes = Base64.getDecoder().decode(token);
            return bytes.length == ID_BYTES + 32
                    && MessageDigest.isEqual(
                            sign(Arrays.copyOf(bytes, ID_BYTES)),
                            Arrays.copyOfRange(bytes, ID_BYTES, bytes.length));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private byte[] sign(byte[] id) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(id);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
