// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rules that keep the crash path lean, and the packages in the order of the data path. */
class PstoreArchitectureTest {
  private static final String[] CRASH_PATH = {
    "io.efirts.pstore.format",
    "io.efirts.pstore.log",
    "io.efirts.pstore.codec",
    "io.efirts.pstore.record",
    "io.efirts.pstore.lane",
    "io.efirts.pstore.write",
    "io.efirts.pstore.panic"
  };

  /** What is composed of strings there is the text of an exception, never a step of a crash. */
  private static final Set<String> MESSAGES = Set.of("makeConcatWithConstants");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.efirts.pstore");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.efirts.pstore.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  /** The panic knows nothing of what runs later, nor of what reads. */
  @Test
  void crashPathPassesThePackagesInOneDirection() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("root")
        .definedBy("io.efirts.pstore")
        .layer("later")
        .definedBy("io.efirts.pstore.work..", "io.efirts.pstore.announce..")
        .layer("read")
        .definedBy("io.efirts.pstore.read..", "io.efirts.pstore.quota..")
        .layer("panic")
        .definedBy("io.efirts.pstore.panic..")
        .layer("write")
        .definedBy("io.efirts.pstore.write..")
        .layer("lane")
        .definedBy("io.efirts.pstore.lane..")
        .layer("record")
        .definedBy("io.efirts.pstore.record..")
        .whereLayer("root")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("later")
        .mayOnlyBeAccessedByLayers("root")
        .whereLayer("read")
        .mayOnlyBeAccessedByLayers("root", "later")
        .whereLayer("panic")
        .mayOnlyBeAccessedByLayers("root")
        .whereLayer("write")
        .mayOnlyBeAccessedByLayers("root", "later", "panic")
        .whereLayer("lane")
        .mayOnlyBeAccessedByLayers("root", "later", "panic", "write")
        .whereLayer("record")
        .mayOnlyBeAccessedByLayers("root", "later", "panic", "write", "lane")
        .check(CLASSES);
  }

  /** I-3: the dump lock is the only one, and it is no lock that blocks; nothing logs either. */
  @Test
  void crashPathTakesNoLockAndLogsNothing() {
    noClasses()
        .that()
        .resideInAnyPackage(CRASH_PATH)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.util.concurrent.locks..",
            "org.slf4j..",
            "java.util.logging..",
            "java.util.stream..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.Optional")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .check(
            CLASSES.that(
                JavaClass.Predicates.resideInAnyPackage(CRASH_PATH)
                    .and(
                        DescribedPredicate.not(
                            JavaClass.Predicates.simpleNameEndingWith("Inflater")))));
  }

  /** Neither monitors nor lambdas nor switches over types: each of the last two is linked late. */
  @Test
  void crashPathEntersNoMonitorAndLinksNothingLate() throws IOException {
    int parsed = 0;
    for (JavaClass type : CLASSES.that(JavaClass.Predicates.resideInAnyPackage(CRASH_PATH))) {
      for (MethodModel method : parse(type).methods()) {
        String name = type.getName() + "." + method.methodName();
        assertFalse(method.flags().has(AccessFlag.SYNCHRONIZED), name);
        for (CodeElement element : method.code().map(CodeModel::elementList).orElse(List.of())) {
          assertFalse(element instanceof MonitorInstruction, name);
          if (element instanceof InvokeDynamicInstruction dynamic
              && dynamic.opcode() == Opcode.INVOKEDYNAMIC
              && !type.isRecord()) {
            assertTrue(MESSAGES.contains(dynamic.name().stringValue()), () -> name + dynamic);
          }
          parsed++;
        }
      }
    }
    assertTrue(parsed > 1000, "the code itself must have been looked at: elements=" + parsed);
  }

  private static ClassModel parse(JavaClass type) throws IOException {
    String resource = "/" + type.getName().replace('.', '/') + ".class";
    try (InputStream bytes = Pstore.class.getResourceAsStream(resource)) {
      return ClassFile.of().parse(bytes.readAllBytes());
    }
  }
}
