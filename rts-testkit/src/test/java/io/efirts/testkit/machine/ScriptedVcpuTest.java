// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.efirts.api.spi.ContextRepair;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every register can be broken, and every kind of repair has one. */
class ScriptedVcpuTest {
  private final ScriptedVcpu vcpu = new ScriptedVcpu();

  @Test
  void everyKindOfRepairHasARegister() {
    assertEquals(
        EnumSet.allOf(ContextRepair.class),
        Arrays.stream(VcpuRegister.values())
            .map(VcpuRegister::repair)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(ContextRepair.class))));
  }

  @Test
  void noTwoRegistersHoldTheSameAtFirst() {
    Set<Long> values = Arrays.stream(vcpu.registers()).boxed().collect(Collectors.toSet());
    assertEquals(VcpuRegister.values().length, values.size());
    assertEquals(ScriptedVcpu.HOST_ROOT, vcpu.addressSpaceRoot());
  }

  @Test
  void corruptingAKindChangesItsRegistersOnly() {
    for (ContextRepair kind : ContextRepair.values()) {
      ScriptedVcpu broken = new ScriptedVcpu();
      broken.corrupt(kind);
      for (VcpuRegister register : VcpuRegister.values()) {
        assertEquals(
            register.repair() == kind,
            broken.get(register) != vcpu.get(register),
            () -> kind + " and " + register);
      }
      assertEquals(kind.bit(), broken.changesSince(vcpu.registers()));
    }
  }

  @Test
  void theRootIsOneOfTheRegisters() {
    vcpu.loadAddressSpaceRoot(5);
    assertEquals(5, vcpu.get(VcpuRegister.ADDRESS_SPACE_ROOT));
    vcpu.set(VcpuRegister.ADDRESS_SPACE_ROOT, 6);
    assertEquals(6, vcpu.addressSpaceRoot());
  }

  @Test
  void registersAreACopy() {
    long[] before = vcpu.registers();
    vcpu.corrupt(ContextRepair.STACK);
    assertFalse(Arrays.equals(before, vcpu.registers()));
  }
}
