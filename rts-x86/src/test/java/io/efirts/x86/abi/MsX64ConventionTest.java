// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.abi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import io.efirts.x86.machine.TestMachine;
import io.efirts.x86.machine.VcpuState;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.vcpu.ModelX86Vcpu;
import io.efirts.x86.vcpu.X86Register;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Registers and stack as 64-bit UEFI has them; places are written here as the manual tells them.
 */
class MsX64ConventionTest {
  private static final long TOP = TestMachine.HOST_DATA + 0x8000;
  private static final long ENTRY = 0xFFFF_FFFE_FEDC_0000L;
  private static final long RETURN = 0xFFFF_8000_0000_1234L;
  private static final long GARBAGE = 0xABAD_1DEA_0000_0000L;

  private final TestMachine machine = new TestMachine(PagingMode.FOUR_LEVEL);
  private final ModelX86Vcpu vcpu = machine.vcpu();
  private final AddressSpaceView memory = machine.hostView();
  private final MsX64Convention convention = new MsX64Convention();

  @BeforeEach
  void setStack() {
    vcpu.set(X86Register.RSP, TOP);
  }

  private void prepare(CallFrame frame) {
    convention.prepareCall(vcpu, memory, frame, ENTRY, RETURN);
  }

  @Test
  void fourArgumentsInRegistersAndTheFifthBehindTheShadowSpace() {
    prepare(
        Frames.service(
            memory, RuntimeService.SET_VARIABLE, 0x11, 0x22, 0x33, 0x44, 0x5555_5555_5555L));
    assertEquals(0x11, vcpu.get(X86Register.RCX));
    assertEquals(0x22, vcpu.get(X86Register.RDX));
    assertEquals(0x33, vcpu.get(X86Register.R8));
    assertEquals(0x44, vcpu.get(X86Register.R9));
    long rsp = vcpu.get(X86Register.RSP);
    assertEquals(RETURN, memory.getLong(rsp));
    assertEquals(0x5555_5555_5555L, memory.getLong(rsp + 0x28));
    assertEquals(8, rsp % 16, "aligned before the return address was pushed");
    assertEquals(ENTRY, vcpu.rip());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void vendorsEntriesTakeUpToSixWords(int count) {
    long[] words = new long[count];
    Arrays.setAll(words, i -> -1L - i);
    CallFrame frame = Frames.vendor(memory, words);
    prepare(frame);
    long rsp = vcpu.get(X86Register.RSP);
    assertEquals(count > 4 ? TOP - 0x38 : TOP - 0x28, rsp, "32 bytes of shadow space at least");
    if (count > 5) {
      assertEquals(words[5], memory.getLong(rsp + 0x30));
    }
    long[] read = new long[count];
    convention.readWords(vcpu, memory, count, read);
    assertArrayEquals(words, read);
  }

  @Test
  void theShadowSpaceIsTheFunctionsToUse() {
    prepare(Frames.service(memory, RuntimeService.SET_VARIABLE, 1, 2, 3, 4, 5));
    long rsp = vcpu.get(X86Register.RSP);
    for (int i = 0; i < 4; i++) {
      memory.putLong(rsp + 8 + 8 * i, -1);
    }
    assertEquals(5, memory.getLong(rsp + 0x28));
    assertEquals(RETURN, memory.getLong(rsp));
  }

  @Test
  void theResultComesInRaxAndTheStackIsAsBefore() {
    CallFrame frame = Frames.service(memory, RuntimeService.SET_VARIABLE, 1, 2, 3, 4, 5);
    prepare(frame);
    convention.returnStatus(vcpu, memory, EfiStatusCode.DEVICE_ERROR);
    assertEquals(RETURN, vcpu.rip());
    assertEquals(EfiStatusCode.DEVICE_ERROR, vcpu.get(X86Register.RAX));
    assertEquals(EfiStatusCode.DEVICE_ERROR, convention.finishCall(vcpu, frame));
    assertEquals(TOP, vcpu.get(X86Register.RSP));
  }

  @Test
  void whatLiesBeyondAValuesWidthIsDropped() {
    vcpu.set(X86Register.RCX, GARBAGE | 0x11);
    vcpu.set(X86Register.RDX, GARBAGE | 0x22);
    vcpu.set(X86Register.R8, GARBAGE | 7);
    vcpu.set(X86Register.R9, GARBAGE | 0x44);
    memory.putLong(TOP + 0x28, GARBAGE | 0x55);
    long[] words = new long[6];
    assertEquals(5, convention.readArguments(vcpu, memory, RuntimeService.SET_VARIABLE, words));
    assertArrayEquals(
        new long[] {GARBAGE | 0x11, GARBAGE | 0x22, 7, GARBAGE | 0x44, GARBAGE | 0x55, 0}, words);
    vcpu.set(X86Register.RCX, GARBAGE | 0xFF01);
    convention.readArguments(vcpu, memory, RuntimeService.SET_WAKEUP_TIME, words);
    assertEquals(1, words[0], "a BOOLEAN has 8 bits");
  }

  @Test
  void anUnalignedStackIsRefused() {
    vcpu.set(X86Register.RSP, TOP + 8);
    Map<String, Long> before = VcpuState.of(vcpu);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> prepare(Frames.vendor(memory, 1)));
    assertEquals(
        "stack pointer must be a multiple of 16 before a call: stackPointer=0x308008",
        refused.getMessage());
    assertEquals(before, VcpuState.of(vcpu));
  }

  @Test
  void aStackThatIsNotThereIsAFaultThatChangesNoRegister() {
    vcpu.set(X86Register.RSP, 0x7000_0000_0000L);
    Map<String, Long> before = VcpuState.of(vcpu);
    assertThrows(FirmwareFault.class, () -> prepare(Frames.vendor(memory, 1)));
    assertThrows(FirmwareFault.class, () -> convention.returnStatus(vcpu, memory, 0));
    assertEquals(before, VcpuState.of(vcpu));
  }

  @Test
  void wordsMustFitTheArray() {
    assertThrows(
        IllegalArgumentException.class,
        () -> convention.readArguments(vcpu, memory, RuntimeService.GET_VARIABLE, new long[4]));
    assertThrows(
        IllegalArgumentException.class, () -> convention.readWords(vcpu, memory, -1, new long[4]));
  }
}
