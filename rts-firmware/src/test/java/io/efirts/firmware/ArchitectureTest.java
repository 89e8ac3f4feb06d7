// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * The firmware's packages are passed in one direction: firmware, service, store, placed, storage.
 */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.efirts.firmware");

  @Test
  void importFindsTheModule() {
    assertTrue(CLASSES.contain(ReferenceFirmware.class), "the firmware must be among the classes");
  }

  @Test
  void firmwareDependsOnTheApiAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.efirts.firmware..", "io.efirts.api..", "java..")
        .check(CLASSES);
  }

  @Test
  void callPassesThePackagesInOneDirection() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("firmware")
        .definedBy("io.efirts.firmware")
        .layer("service")
        .definedBy("io.efirts.firmware.service..")
        .layer("platform")
        .definedBy("io.efirts.firmware.platform..")
        .layer("store")
        .definedBy("io.efirts.firmware.store..")
        .layer("placed")
        .definedBy("io.efirts.firmware.placed..")
        .layer("machine")
        .definedBy("io.efirts.firmware.machine..")
        .layer("storage")
        .definedBy("io.efirts.firmware.storage..")
        .whereLayer("firmware")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("service")
        .mayOnlyBeAccessedByLayers("firmware")
        .whereLayer("platform")
        .mayOnlyBeAccessedByLayers("firmware", "service", "placed")
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers("firmware", "service")
        .whereLayer("placed")
        .mayOnlyBeAccessedByLayers("firmware", "service", "store")
        .whereLayer("machine")
        .mayOnlyBeAccessedByLayers("firmware", "placed")
        .check(CLASSES);
  }
}
