// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.abi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import io.efirts.arm64.machine.TestMachine;
import io.efirts.arm64.machine.VcpuState;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.vcpu.Arm64Register;
import io.efirts.arm64.vcpu.ModelArm64Vcpu;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registers as UEFI on arm64 has them; places are written here as the standard tells them. */
class Aapcs64ConventionTest {
  private static final long TOP = TestMachine.HOST_DATA + 0x8000;
  private static final long ENTRY = 0x2000_1000L;
  private static final long RETURN = 0xFFFF_8000_0000_1234L;
  private static final long GARBAGE = 0xABAD_1DEA_0000_0000L;

  private final TestMachine machine = new TestMachine(Granule.FOUR_KIB);
  private final ModelArm64Vcpu vcpu = machine.vcpu();
  private final AddressSpaceView memory = machine.hostView();
  private final Aapcs64Convention convention = new Aapcs64Convention();

  @BeforeEach
  void setStack() {
    vcpu.set(Arm64Register.SP, TOP);
  }

  private void prepare(CallFrame frame) {
    convention.prepareCall(vcpu, frame, ENTRY, RETURN);
  }

  @Test
  void argumentsInRegistersAndTheReturnAddressInTheLinkRegister() {
    prepare(
        Frames.service(
            memory, RuntimeService.SET_VARIABLE, 0x11, 0x22, 0x33, 0x44, 0x5555_5555_5555L));
    assertEquals(0x11, vcpu.get(Arm64Register.X0));
    assertEquals(0x22, vcpu.get(Arm64Register.X1));
    assertEquals(0x33, vcpu.get(Arm64Register.X2));
    assertEquals(0x44, vcpu.get(Arm64Register.X3));
    assertEquals(0x5555_5555_5555L, vcpu.get(Arm64Register.X4));
    assertEquals(RETURN, vcpu.get(Arm64Register.X30));
    assertEquals(TOP, vcpu.get(Arm64Register.SP), "nothing is pushed");
    assertEquals(ENTRY, vcpu.pc());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void vendorsEntriesTakeUpToSixWords(int count) {
    long[] words = new long[count];
    Arrays.setAll(words, i -> -1L - i);
    prepare(Frames.vendor(memory, words));
    long[] read = new long[count];
    convention.readWords(vcpu, count, read);
    assertArrayEquals(words, read);
  }

  @Test
  void theResultComesInX0() {
    prepare(Frames.service(memory, RuntimeService.SET_VARIABLE, 1, 2, 3, 4, 5));
    convention.returnStatus(vcpu, EfiStatusCode.DEVICE_ERROR);
    assertEquals(RETURN, vcpu.pc());
    assertEquals(EfiStatusCode.DEVICE_ERROR, vcpu.get(Arm64Register.X0));
    assertEquals(EfiStatusCode.DEVICE_ERROR, convention.finishCall(vcpu));
  }

  @Test
  void whatLiesBeyondAValuesWidthIsDropped() {
    for (int i = 0; i < 5; i++) {
      vcpu.set(Arm64Register.of(i), GARBAGE | i);
    }
    long[] words = new long[6];
    assertEquals(5, convention.readArguments(vcpu, RuntimeService.SET_VARIABLE, words));
    assertArrayEquals(
        new long[] {GARBAGE, GARBAGE | 1, 2, GARBAGE | 3, GARBAGE | 4, 0},
        words,
        "attributes are a UINT32");
    vcpu.set(Arm64Register.X0, GARBAGE | 0xFF01);
    convention.readArguments(vcpu, RuntimeService.SET_WAKEUP_TIME, words);
    assertEquals(1, words[0], "a BOOLEAN has 8 bits");
  }

  @Test
  void anUnalignedStackIsRefused() {
    vcpu.set(Arm64Register.SP, TOP + 8);
    Map<String, Long> before = VcpuState.of(vcpu);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> prepare(Frames.vendor(memory, 1)));
    assertEquals(
        "stack pointer must be a multiple of 16 before a call: stackPointer=0x308008",
        refused.getMessage());
    assertEquals(before, VcpuState.of(vcpu));
  }

  @Test
  void wordsMustFitTheRegistersAndTheArray() {
    convention.readWords(vcpu, 8, new long[8]);
    assertThrows(IllegalArgumentException.class, () -> convention.readWords(vcpu, 9, new long[9]));
    assertThrows(
        IllegalArgumentException.class,
        () -> convention.readArguments(vcpu, RuntimeService.GET_VARIABLE, new long[4]));
    assertThrows(IllegalArgumentException.class, () -> convention.readWords(vcpu, -1, new long[4]));
  }
}
