// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules that keep the data path readable off the package tree, and the hot path lean. */
class ArchitectureTest {
  private static final String[] DATA_PATH = {
    "io.efirts.dispatch.call..",
    "io.efirts.dispatch.ring..",
    "io.efirts.dispatch.worker..",
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
        .layer("service")
        .definedBy("io.efirts.dispatch.service..")
        .layer("worker")
        .definedBy("io.efirts.dispatch.worker..")
        .layer("ring")
        .definedBy("io.efirts.dispatch.ring..")
        .layer("call")
        .definedBy("io.efirts.dispatch.call..")
        .layer("entry")
        .definedBy("io.efirts.dispatch.entry..")
        .layer("gate")
        .definedBy("io.efirts.dispatch.gate..")
        .layer("mode")
        .definedBy("io.efirts.dispatch.mode..")
        .whereLayer("dispatcher")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("service")
        .mayOnlyBeAccessedByLayers("dispatcher")
        .whereLayer("worker")
        .mayOnlyBeAccessedByLayers("dispatcher", "service")
        .whereLayer("ring")
        .mayOnlyBeAccessedByLayers("dispatcher", "service", "worker")
        .whereLayer("call")
        .mayOnlyBeAccessedByLayers("dispatcher", "service", "worker", "ring")
        .whereLayer("entry")
        .mayOnlyBeAccessedByLayers("dispatcher", "service", "worker")
        .whereLayer("gate")
        .mayOnlyBeAccessedByLayers("dispatcher", "service", "worker", "entry")
        .check(CLASSES);
  }

  @Test
  void packagesOfTheApiHaveNoCycles() {
    slices().matching("io.efirts.api.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void dataPathTakesNoMonitorAndNoLock() {
    methods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAnyPackage(DATA_PATH)
        .should()
        .notHaveModifier(SYNCHRONIZED)
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage(DATA_PATH)
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.concurrent.locks.Lock")
        .orShould()
        .callMethod(Object.class, "wait")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .check(CLASSES);
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
