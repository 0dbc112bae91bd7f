package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The generated `toString` of a record contains all components, and what `toString` returns may be
/// logged.
class SecretsTest {

    /// The names of components with personal data or secrets.
    private static final Set<String> SECRET =
            Set.of(
                    "apiKey",
                    "city",
                    "email",
                    "localKeys",
                    "password",
                    "paymentMethod",
                    "paymentMethodId",
                    "postalCode",
                    "recipient",
                    "secret",
                    "signingSecret",
                    "street",
                    "taskToken",
                    "token");

    @Test
    void noRecordPrintsPersonalDataOrSecrets() throws IOException {
        var records = recordsWithSecrets();
        assertThat(records)
                .extracting(JavaClass::getSimpleName)
                .contains(
                        "DeliveryDetails",
                        "OrderBody",
                        "DispatchPermitView",
                        "Contact",
                        "WorkflowInput");
        var printing = new ArrayList<String>();
        for (var type : records) {
            if (prints(type)) {
                printing.add(type.getName());
            }
        }
        assertThat(printing).isEmpty();
    }

    private static List<JavaClass> recordsWithSecrets() {
        return new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("dev.orderflow")
                        .stream()
                        .filter(JavaClass::isRecord)
                        .filter(type -> type.getFields().stream().anyMatch(SecretsTest::isSecret))
                        .toList();
    }

    /// Components of other types have their own `toString`, or are numbers.
    private static boolean isSecret(JavaField field) {
        return SECRET.contains(field.getName())
                && (field.getRawType().isEquivalentTo(String.class)
                        || field.getRawType().isAssignableTo(Collection.class));
    }

    private static boolean prints(JavaClass type) throws IOException {
        try (var bytes = type.getSource().orElseThrow().getUri().toURL().openStream()) {
            var model = ClassFile.of().parse(bytes.readAllBytes());
            return model.methods().stream()
                    .filter(method -> method.methodName().equalsString("toString"))
                    .flatMap(method -> method.code().orElseThrow().elementStream())
                    .anyMatch(element -> prints(element, model));
        }
    }

    private static boolean prints(CodeElement element, ClassModel model) {
        return switch (element) {
            // The generated `toString`: all components.
            case InvokeDynamicInstruction call ->
                    call.invokedynamic()
                            .bootstrap()
                            .bootstrapMethod()
                            .reference()
                            .owner()
                            .asInternalName()
                            .equals("java/lang/runtime/ObjectMethods");
            case FieldInstruction read -> SECRET.contains(read.name().stringValue());
            case InvokeInstruction call ->
                    call.owner().equals(model.thisClass())
                            && SECRET.contains(call.name().stringValue());
            default -> false;
        };
    }
}
