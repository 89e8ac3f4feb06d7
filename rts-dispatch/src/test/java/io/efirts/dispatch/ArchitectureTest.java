// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules that keep the data path readable off the package tree, and the hot path lean. */
class ArchitectureTest {
  private static final String[] DATA_PATH = {
    "io.efirts.dispatch.call..",
    "io.efirts.dispatch.ring..",
    "io.efirts.dispatch.worker..",
    "io.efirts.dispatch.path..",
    "io.efirts.dispatch.instance..",
    "io.efirts.dispatch.observe..",
    "io.efirts.dispatch.reset..",
    "io.efirts.dispatch.emergency..",
    "io.efirts.dispatch.gate..",
    "io.efirts.dispatch.entry..",
    "io.efirts.dispatch.service..",
    "io.efirts.dispatch.mode..",
    "io.efirts.api.call..",
    "io.efirts.api.memory.."
  };

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.efirts.api", "io.efirts.dispatch");

  @Test
  void importFindsTheModules() {
    assertTrue(CLASSES.contain(Dispatcher.class), "the dispatcher must be among the classes");
    assertTrue(CLASSES.contain(io.efirts.api.CallResult.class), "and so must the API");
  }

  @Test
  void apiDependsOnNothingButTheJdk() {
    classes()
        .that()
        .resideInAPackage("io.efirts.api..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.efirts.api..", "java..")
        .check(CLASSES);
  }

  @Test
  void specificationKnowsNothingOfTheLibrary() {
    classes()
        .that()
        .resideInAPackage("io.efirts.api.spec..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.efirts.api.spec..", "java..")
        .check(CLASSES);
  }

  @Test
  void callPassesThePackagesInOneDirection() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("dispatcher")
        .definedBy("io.efirts.dispatch")
        .layer("watch")
        .definedBy("io.efirts.dispatch.watch..")
        .layer("service")
        .definedBy("io.efirts.dispatch.service..")
        .layer("reset")
        .definedBy("io.efirts.dispatch.reset..")
        .layer("instance")
        .definedBy("io.efirts.dispatch.instance..")
        .layer("path")
        .definedBy("io.efirts.dispatch.path..")
        .layer("worker")
        .definedBy("io.efirts.dispatch.worker..")
        .layer("ring")
        .definedBy("io.efirts.dispatch.ring..")
        .layer("call")
        .definedBy("io.efirts.dispatch.call..")
        .layer("entry")
        .definedBy("io.efirts.dispatch.entry..")
        .layer("observe")
        .definedBy("io.efirts.dispatch.observe..")
        .layer("gate")
        .definedBy("io.efirts.dispatch.gate..")
        .layer("mode")
        .definedBy("io.efirts.dispatch.mode..")
        .layer("rounds")
        .definedBy("io.efirts.dispatch.rounds..")
        .layer("policy")
        .definedBy("io.efirts.dispatch.policy..")
        .layer("event")
        .definedBy("io.efirts.dispatch.event..")
        .layer("emergency")
        .definedBy("io.efirts.dispatch.emergency..")
        .whereLayer("dispatcher")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("watch")
        .mayOnlyBeAccessedByLayers("dispatcher")
        .whereLayer("service")
        .mayOnlyBeAccessedByLayers("dispatcher", "watch")
        .whereLayer("reset")
        .mayOnlyBeAccessedByLayers("dispatcher", "watch", "service")
        .whereLayer("instance")
        .mayOnlyBeAccessedByLayers("dispatcher", "watch", "service", "reset")
        .whereLayer("path")
        .mayOnlyBeAccessedByLayers("dispatcher", "watch", "service", "reset", "instance")
        .whereLayer("worker")
        .mayOnlyBeAccessedByLayers("dispatcher", "watch", "service", "reset", "instance", "path")
        .whereLayer("ring")
        .mayOnlyBeAccessedByLayers(
            "dispatcher", "watch", "service", "reset", "instance", "path", "worker")
        .whereLayer("call")
        .mayOnlyBeAccessedByLayers(
            "dispatcher", "watch", "service", "reset", "instance", "path", "worker", "ring")
        .whereLayer("entry")
        .mayOnlyBeAccessedByLayers(
            "dispatcher", "watch", "service", "reset", "instance", "path", "worker", "ring", "call")
        .whereLayer("observe")
        .mayOnlyBeAccessedByLayers(
            "dispatcher",
            "watch",
            "service",
            "reset",
            "instance",
            "path",
            "worker",
            "ring",
            "call",
            "entry")
        .whereLayer("gate")
        .mayOnlyBeAccessedByLayers(
            "dispatcher",
            "watch",
            "service",
            "reset",
            "instance",
            "path",
            "worker",
            "ring",
            "call",
            "entry",
            "observe")
        .whereLayer("mode")
        .mayOnlyBeAccessedByLayers(
            "dispatcher",
            "watch",
            "service",
            "reset",
            "instance",
            "path",
            "worker",
            "ring",
            "call",
            "entry",
            "observe",
            "gate",
            "event")
        .whereLayer("rounds")
        .mayNotAccessAnyLayer()
        .whereLayer("policy")
        .mayNotAccessAnyLayer()
        .whereLayer("emergency")
        .mayNotAccessAnyLayer()
        .whereLayer("event")
        .mayOnlyAccessLayers("mode")
        .check(CLASSES);
  }

  @Test
  void packagesOfTheApiHaveNoCycles() {
    slices().matching("io.efirts.api.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void dataPathTakesNoLock() {
    noClasses()
        .that()
        .resideInAnyPackage(DATA_PATH)
        .should()
        .dependOnClassesThat()
        .areAssignableTo(java.util.concurrent.locks.Lock.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(java.util.concurrent.locks.AbstractOwnableSynchronizer.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(java.util.concurrent.Semaphore.class)
        .orShould()
        .callMethod(Object.class, "wait")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .check(CLASSES);
  }

  /** A synchronized block is an instruction, which no rule about names and types sees. */
  @Test
  void dataPathEntersNoMonitor() throws IOException {
    int parsed = 0;
    for (JavaClass type : CLASSES.that(JavaClass.Predicates.resideInAnyPackage(DATA_PATH))) {
      for (MethodModel method : parse(type).methods()) {
        assertFalse(
            method.flags().has(AccessFlag.SYNCHRONIZED),
            () -> type.getName() + "." + method.methodName());
        for (CodeElement element : method.code().map(CodeModel::elementList).orElse(List.of())) {
          assertFalse(
              element instanceof MonitorInstruction,
              () -> type.getName() + "." + method.methodName());
          parsed++;
        }
      }
    }
    assertTrue(parsed > 1000, "the code itself must have been looked at: elements=" + parsed);
  }

  private static ClassModel parse(JavaClass type) throws IOException {
    String resource = "/" + type.getName().replace('.', '/') + ".class";
    try (InputStream bytes = Dispatcher.class.getResourceAsStream(resource)) {
      return ClassFile.of().parse(bytes.readAllBytes());
    }
  }

  @Test
  void dataPathBuildsNoStreamsOrOptionals() {
    noClasses()
        .that()
        .resideInAnyPackage(DATA_PATH)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.util.stream..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.Optional")
        .check(CLASSES);
  }

  @Test
  void nobodyAsksTheHostsArchitecture() {
    noClasses()
        .should()
        .callMethod(System.class, "getProperty", String.class)
        .because("behaviour must not depend on the machine the JVM runs on")
        .check(CLASSES);
  }
}
