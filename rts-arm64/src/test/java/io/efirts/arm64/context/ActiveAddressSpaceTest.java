// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.arm64.machine.IdentitySpace;
import io.efirts.arm64.machine.TestMachine;
import io.efirts.arm64.machine.VcpuState;
import io.efirts.arm64.paging.Granule;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.FaultReport;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.policy.RearmPolicy;
import io.efirts.testkit.ScriptedFirmware;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * I-2 and I-12 behind page tables: the firmware's tables are active inside a call on whatever path,
 * the host's before and after; a page fault ends the call with a defined status.
 */
@Timeout(60)
class ActiveAddressSpaceTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);
  private static final long VENDOR_ENTRY = TestMachine.FIRMWARE_CODE;
  private static final CallResult FAULTED = CallResult.refused(Outcome.FAULTED, true, false);

  private final TestMachine machine = new TestMachine(Granule.FOUR_KIB);
  private final IdentitySpace space = machine.space();
  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final Map<String, Long> host = VcpuState.of(machine.vcpu());

  /** The ways into the firmware. */
  private enum Path {
    WORKER(
        RuntimeService.GET_TIME,
        dispatcher -> dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null)),
    BYPASS(
        RuntimeService.SET_VARIABLE,
        dispatcher -> dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null)),
    VENDOR(null, dispatcher -> dispatcher.abi().callVendor(VENDOR_ENTRY, 2, 1, 2, 0, 0, 0, 0));

    private final RuntimeService service;
    private final Function<Dispatcher, CallResult> call;

    Path(RuntimeService service, Function<Dispatcher, CallResult> call) {
      this.service = service;
      this.call = call;
    }

    CallResult call(Dispatcher dispatcher) {
      return call.apply(dispatcher);
    }
  }

  private Dispatcher start() {
    return Dispatcher.builder()
        .firmware(() -> new FirmwareInstance(firmware, machine.context(space)))
        .calls(4)
        .bufferBytes(1024)
        .rearm(RearmPolicy.NEVER)
        .start();
  }

  private void on(Path path, Consumer<CallFrame> behaviour) {
    if (path.service == null) {
      firmware.onVendor(VENDOR_ENTRY, frame -> answer(behaviour, frame));
    } else {
      firmware.on(path.service, frame -> answer(behaviour, frame));
    }
  }

  private static long answer(Consumer<CallFrame> behaviour, CallFrame frame) {
    behaviour.accept(frame);
    return 0;
  }

  @ParameterizedTest
  @EnumSource(Path.class)
  void theFirmwaresTablesAreActiveInsideAndTheHostsAfterwards(Path path) {
    List<Long> roots = new ArrayList<>();
    on(path, frame -> roots.add(machine.vcpu().addressSpaceRoot()));
    try (Dispatcher dispatcher = start()) {
      assertTrue(path.call(dispatcher).isSuccess());
      assertTrue(path.call(dispatcher).isSuccess());
    }
    assertEquals(List.of(space.tables().root(), space.tables().root()), roots);
    assertEquals(host, VcpuState.of(machine.vcpu()));
  }

  @ParameterizedTest
  @EnumSource(Path.class)
  void aTouchOfTheHostsMemoryIsAContainedFault(Path path) {
    machine.hostView().putLong(TestMachine.HOST_DATA, 42);
    on(path, frame -> frame.memory().putLong(TestMachine.HOST_DATA, 666));
    try (Dispatcher dispatcher = start()) {
      assertEquals(FAULTED, path.call(dispatcher));
      assertEquals(host, VcpuState.of(machine.vcpu()));
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
      FaultReport report = dispatcher.fault().orElseThrow();
      FirmwareFault fault = (FirmwareFault) report.thrown();
      assertEquals(FaultKind.NOT_MAPPED, fault.kind());
      assertEquals(TestMachine.HOST_DATA, fault.address());
      assertEquals(Access.WRITE, fault.access());
      assertEquals(0x9600_0046, fault.detail());
      assertEquals(path.service, report.service());
      assertEquals(space.explain(fault), report.explanation());
    }
    assertEquals(42, machine.hostView().getLong(TestMachine.HOST_DATA));
  }

  @Test
  void aFaultThatIsNoneOfThePagesIsContainedToo() {
    on(
        Path.WORKER,
        frame -> {
          throw new IllegalStateException("injected");
        });
    try (Dispatcher dispatcher = start()) {
      assertEquals(FAULTED, Path.WORKER.call(dispatcher));
      assertEquals(host, VcpuState.of(machine.vcpu()));
    }
  }

  @Test
  void aStackThatOverflowsMeetsItsGuardPage() {
    long guard = machine.stacks().bottom(0) - Long.BYTES;
    on(Path.WORKER, frame -> frame.memory().putLong(guard, 1));
    assertFault(FaultKind.NOT_MAPPED, guard);
  }

  @Test
  void dataIsNotExecuted() {
    on(Path.WORKER, frame -> frame.memory().fetch(TestMachine.FIRMWARE_DATA));
    assertFault(FaultKind.PROTECTION, TestMachine.FIRMWARE_DATA);
  }

  @Test
  void codeIsNotWritten() {
    on(Path.WORKER, frame -> frame.memory().putInt(TestMachine.FIRMWARE_CODE, 0xCC));
    assertFault(FaultKind.PROTECTION, TestMachine.FIRMWARE_CODE);
  }

  private void assertFault(FaultKind kind, long address) {
    try (Dispatcher dispatcher = start()) {
      assertEquals(FAULTED, Path.WORKER.call(dispatcher));
      FirmwareFault fault = (FirmwareFault) dispatcher.fault().orElseThrow().thrown();
      assertEquals(kind, fault.kind());
      assertEquals(address, fault.address());
      assertNotNull(fault.access());
    }
    assertEquals(host, VcpuState.of(machine.vcpu()));
  }
}
