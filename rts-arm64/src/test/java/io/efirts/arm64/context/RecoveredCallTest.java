// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.arm64.abi.Aapcs64Convention;
import io.efirts.arm64.machine.IdentitySpace;
import io.efirts.arm64.machine.TestMachine;
import io.efirts.arm64.machine.VcpuState;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.vcpu.Arm64Register;
import io.efirts.arm64.vcpu.ModelArm64Vcpu;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.policy.RearmPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * I-12: firmware that is code faults in its middle, on whatever path. The caller gets a status, the
 * host its processor, whoever calls next a refusal instead of a gate that stays taken, and nothing
 * but the fault is told.
 */
@Timeout(60)
class RecoveredCallTest {
  private static final long RETURN = TestMachine.FIRMWARE_CODE + 0x800;
  private static final long PC = TestMachine.FIRMWARE_CODE + 0x40;
  private static final int WRITE_FAULT = 0x9600_0046;

  private final TestMachine machine = new TestMachine(Granule.FOUR_KIB);
  private final ModelArm64Vcpu vcpu = machine.vcpu();
  private final IdentitySpace space = machine.space();
  private final Arm64FirmwareContext context =
      machine.contextBuilder(space).returnAddress(RETURN).build();
  private final ExceptionRecovery recovery = new ExceptionRecovery(context);
  private final Aapcs64Convention convention = new Aapcs64Convention();
  private final List<DispatcherEvent> told = new ArrayList<>();
  private final Map<String, Long> host = VcpuState.of(vcpu);

  /** The ways into the firmware. */
  private enum Path {
    QUEUED(dispatcher -> dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null)),
    DIRECT(dispatcher -> dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null)),
    RESET(
        dispatcher ->
            dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null));

    private final Function<Dispatcher, CallResult> call;

    Path(Function<Dispatcher, CallResult> call) {
      this.call = call;
    }
  }

  /** A hypervisor that runs the processor; after a few instructions it takes an exception. */
  private long run(CallFrame frame) {
    convention.prepareCall(vcpu, frame, TestMachine.FIRMWARE_CODE, vcpu.pc());
    vcpu.set(Arm64Register.SP, vcpu.get(Arm64Register.SP) - 0x40);
    for (int i = 0; i <= Arm64Register.X30.ordinal(); i++) {
      vcpu.set(Arm64Register.of(i), -1);
    }
    vcpu.loadFpState(Corruption.filledFpState());
    vcpu.loadDaif(0x3C0);
    FirmwareFault fault = recovery.recover(vcpu, WRITE_FAULT, TestMachine.HOST_DATA, PC);
    assertNotNull(fault);
    throw fault;
  }

  @ParameterizedTest
  @EnumSource(Path.class)
  void theCallIsEndedAndTheServicesWithIt(Path path) {
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(() -> new FirmwareInstance(this::run, context))
            .calls(2)
            .bufferBytes(1024)
            .storageReserve(0)
            .rearm(RearmPolicy.NEVER)
            .invoker()
            .listener(told::add)
            .start()) {
      assertEquals(Outcome.FAULTED, path.call.apply(dispatcher).outcome());
      assertEquals(host, VcpuState.of(vcpu));
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
      FirmwareFault fault = (FirmwareFault) dispatcher.fault().orElseThrow().thrown();
      assertEquals(FaultKind.NOT_MAPPED, fault.kind());
      assertEquals(Access.WRITE, fault.access());
      assertEquals(TestMachine.HOST_DATA, fault.address());
      assertEquals(WRITE_FAULT, fault.detail());
      assertEquals(Outcome.DISABLED, Path.QUEUED.call.apply(dispatcher).outcome());
      assertEquals(Outcome.DISABLED, Path.DIRECT.call.apply(dispatcher).outcome());
      dispatcher.pump();
    }
    assertEquals(
        List.of(),
        told.stream().filter(DispatcherEvent.ContextRepaired.class::isInstance).toList());
  }
}
