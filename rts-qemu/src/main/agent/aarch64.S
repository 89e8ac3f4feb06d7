/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the efi-rts authors */

/*
 * Calls on arm64. A call runs with the host's page tables in TTBR0_EL1, in which this image and the
 * mailbox are mapped where they lie; nothing else of the agent's is. An exception finds firmware's
 * stack pointer, which may be what was wrong, so none of this uses the stack before it is the agent's
 * own. After an exception x16 and x17 are kept in TPIDR_EL1 and TPIDRRO_EL0 meanwhile, which firmware
 * does not use.
 *
 * A call that comes back writes no system register that has the right value, and returns from no
 * exception: each of either would take QEMU longer than the rest of the call.
 */
#include "mailbox.h"

        .set MASKED, 0x3C0
        .set DEBUGGER, 16

        .data
        .balign 16
own_sp:         .quad 0
own_ttbr0:      .quad 0
own_mair:       .quad 0
own_sctlr:      .quad 0
own_cpacr:      .quad 0
own_tcr:        .quad 0
call_registers: .quad 0
call_flags:     .quad 0
call_ending:    .quad 0

        .bss
        .balign 16
        .zero 8192
own_stack:

        .macro address register, symbol
        adrp \register, \symbol
        add \register, \register, :lo12:\symbol
        .endm

        .text
        .globl processor_serve
processor_serve:
        address x0, own_stack
        mov sp, x0
        bl agent_serve
1:      wfi
        b 1b

/* x0: registers. */
        .globl arm64_save_fp
arm64_save_fp:
        add x1, x0, #REG_FP
        stp q0, q1, [x1, #0]
        stp q2, q3, [x1, #32]
        stp q4, q5, [x1, #64]
        stp q6, q7, [x1, #96]
        stp q8, q9, [x1, #128]
        stp q10, q11, [x1, #160]
        stp q12, q13, [x1, #192]
        stp q14, q15, [x1, #224]
        stp q16, q17, [x1, #256]
        stp q18, q19, [x1, #288]
        stp q20, q21, [x1, #320]
        stp q22, q23, [x1, #352]
        stp q24, q25, [x1, #384]
        stp q26, q27, [x1, #416]
        stp q28, q29, [x1, #448]
        stp q30, q31, [x1, #480]
        mrs x2, fpsr
        mrs x3, fpcr
        add x1, x1, #512
        stp w2, w3, [x1]
        ret

        .globl arm64_load_fp
arm64_load_fp:
        add x1, x0, #REG_FP
        ldp q0, q1, [x1, #0]
        ldp q2, q3, [x1, #32]
        ldp q4, q5, [x1, #64]
        ldp q6, q7, [x1, #96]
        ldp q8, q9, [x1, #128]
        ldp q10, q11, [x1, #160]
        ldp q12, q13, [x1, #192]
        ldp q14, q15, [x1, #224]
        ldp q16, q17, [x1, #256]
        ldp q18, q19, [x1, #288]
        ldp q20, q21, [x1, #320]
        ldp q22, q23, [x1, #352]
        ldp q24, q25, [x1, #384]
        ldp q26, q27, [x1, #416]
        ldp q28, q29, [x1, #448]
        ldp q30, q31, [x1, #480]
        add x1, x1, #512
        ldp w2, w3, [x1]
        msr fpsr, x2
        msr fpcr, x3
        ret

/* x19: registers, x20: address of own_sp. Loads a system register if the host's is not the agent's. */
        .macro load_system name, own, offset
        mrs x0, \name
        str x0, [x20, #(\own - own_sp)]
        ldr x1, [x19, #\offset]
        cmp x0, x1
        b.eq 1f
        msr \name, x1
        isb
1:
        .endm

/* Stores firmware's and puts the agent's back. */
        .macro store_system name, own, offset
        mrs x0, \name
        str x0, [x19, #\offset]
        ldr x1, [x20, #(\own - own_sp)]
        cmp x0, x1
        b.eq 1f
        msr \name, x1
        isb
1:
        .endm

/* x0: registers, x1: flags. */
        .globl processor_call
processor_call:
        stp x29, x30, [sp, #-96]!
        stp x19, x20, [sp, #16]
        stp x21, x22, [sp, #32]
        stp x23, x24, [sp, #48]
        stp x25, x26, [sp, #64]
        stp x27, x28, [sp, #80]
        address x20, own_sp
        mov x19, x0
        mov x21, x1
        mov x2, sp
        str x2, [x20]
        str x0, [x20, #(call_registers - own_sp)]
        str x1, [x20, #(call_flags - own_sp)]
/* First, while floating point is the agent's to use: the host's CPACR_EL1 may forbid it. */
        tbz x21, #0, 1f
        bl arm64_load_fp
1:      load_system cpacr_el1, own_cpacr, REG_CPACR
        load_system sctlr_el1, own_sctlr, REG_SCTLR
        load_system mair_el1, own_mair, REG_MAIR
        load_system tcr_el1, own_tcr, REG_TCR
        mrs x0, ttbr0_el1
        str x0, [x20, #(own_ttbr0 - own_sp)]
        ldr x1, [x19, #REG_TTBR0]
        ldr x2, [x19, #REG_FLUSH]
        cmp x0, x1
        b.eq 2f
        msr ttbr0_el1, x1
        isb
2:      cbz x2, 3f
        str xzr, [x19, #REG_FLUSH]
        dsb ishst
        tlbi vmalle1
        dsb nsh
        isb
3:      adrp x1, agent_mailbox
        ldr x1, [x1, :lo12:agent_mailbox]
        add x1, x1, #(INSIDE & ~0xFFF)
        mov x0, #1
        str x0, [x1, #(INSIDE & 0xFFF)]
/* From here on an interrupt would be firmware's. */
        ldr x0, [x19, #REG_PSTATE]
        and x0, x0, #MASKED
        mrs x1, daif
        cmp x0, x1
        b.eq 1f
        msr daif, x0
/* x17 is lost, as it may be between a call and its function. */
1:      ldr x17, [x19, #REG_PC]
        mov x30, x19
        ldr x0, [x30, #REG_SP]
        mov sp, x0
        ldp x0, x1, [x30, #0]
        ldp x2, x3, [x30, #16]
        ldp x4, x5, [x30, #32]
        ldp x6, x7, [x30, #48]
        ldp x8, x9, [x30, #64]
        ldp x10, x11, [x30, #80]
        ldp x12, x13, [x30, #96]
        ldp x14, x15, [x30, #112]
        ldr x16, [x30, #128]
        ldp x18, x19, [x30, #144]
        ldp x20, x21, [x30, #160]
        ldp x22, x23, [x30, #176]
        ldp x24, x25, [x30, #192]
        ldp x26, x27, [x30, #208]
        ldp x28, x29, [x30, #224]
        ldr x30, [x30, #REG_X30]
        br x17

/* A debugger sends a call here that does not come back. */
        .globl processor_unwind
processor_unwind:
        msr tpidr_el1, x16
        msr tpidrro_el0, x17
        mov x17, #DEBUGGER
        b store_registers

/* Firmware comes back here, with its result in x0; x16 and x17 mean nothing any more. */
        .globl processor_return
processor_return:
        mov x17, #-1

/* x17: -1, the vector or DEBUGGER; but for -1, the two registers have x16 and x17 as they were. */
store_registers:
        adrp x16, call_registers
        ldr x16, [x16, :lo12:call_registers]
        str x17, [x16, #REG_VECTOR]
        stp x0, x1, [x16, #0]
        stp x2, x3, [x16, #16]
        stp x4, x5, [x16, #32]
        stp x6, x7, [x16, #48]
        stp x8, x9, [x16, #64]
        stp x10, x11, [x16, #80]
        stp x12, x13, [x16, #96]
        stp x14, x15, [x16, #112]
        stp x18, x19, [x16, #144]
        stp x20, x21, [x16, #160]
        stp x22, x23, [x16, #176]
        stp x24, x25, [x16, #192]
        stp x26, x27, [x16, #208]
        stp x28, x29, [x16, #224]
        mov x0, sp
        stp x30, x0, [x16, #REG_X30]
        mov x19, x16
        address x20, own_sp
        ldr x0, [x20]
        mov sp, x0

        mov x22, #ENDING_RETURNED
        cmn x17, #1
        b.eq returned
        mrs x0, tpidr_el1
        mrs x1, tpidrro_el0
        stp x0, x1, [x19, #128]
        mov x22, #ENDING_UNWOUND
        cmp x17, #DEBUGGER
        b.eq unwound
        mov x22, #ENDING_FAULT
        mrs x0, elr_el1
        mrs x1, spsr_el1
        stp x0, x1, [x19, #REG_PC]
        mrs x0, esr_el1
        mrs x1, far_el1
        stp x0, x1, [x19, #REG_ESR]
        b leave
unwound:
        adrp x1, agent_mailbox
        ldr x1, [x1, :lo12:agent_mailbox]
        add x1, x1, #(UNWOUND_AT & ~0xFFF)
        ldr x0, [x1, #(UNWOUND_AT & 0xFFF)]
        b 1f
returned:
        adr x0, processor_return
1:      mrs x1, daif
        stp x0, x1, [x19, #REG_PC]

/* x19: registers, x20: address of own_sp, x22: the ending. */
leave:
        mrs x0, daif
        cmp x0, #MASKED
        b.eq 1f
        msr daifset, #0xf
1:      mrs x0, ttbr0_el1
        str x0, [x19, #REG_TTBR0]
        ldr x1, [x20, #(own_ttbr0 - own_sp)]
        cmp x0, x1
        b.eq 1f
        msr ttbr0_el1, x1
        isb
        tlbi vmalle1
        dsb nsh
        isb
1:      store_system tcr_el1, own_tcr, REG_TCR
        store_system mair_el1, own_mair, REG_MAIR
        store_system sctlr_el1, own_sctlr, REG_SCTLR
        ldr x21, [x20, #(call_flags - own_sp)]
        tbz x21, #1, 1f
        mrs x0, cpacr_el1
        orr x1, x0, #(3 << 20)
        msr cpacr_el1, x1
        isb
        mov x21, x0
        mov x0, x19
        bl arm64_save_fp
        msr cpacr_el1, x21
        isb
1:      store_system cpacr_el1, own_cpacr, REG_CPACR
        adrp x1, agent_mailbox
        ldr x1, [x1, :lo12:agent_mailbox]
        add x1, x1, #(INSIDE & ~0xFFF)
        str xzr, [x1, #(INSIDE & 0xFFF)]
        mov x0, x22
        ldp x19, x20, [sp, #16]
        ldp x21, x22, [sp, #32]
        ldp x23, x24, [sp, #48]
        ldp x25, x26, [sp, #64]
        ldp x27, x28, [sp, #80]
        ldp x29, x30, [sp], #96
        ret

        .macro entry number
        .balign 128
        msr tpidr_el1, x16
        msr tpidrro_el0, x17
        mov x17, #\number
        b exception
        .endm

        .balign 2048
        .globl arm64_vectors
arm64_vectors:
        entry 0
        entry 1
        entry 2
        entry 3
        entry 4
        entry 5
        entry 6
        entry 7
        entry 8
        entry 9
        entry 10
        entry 11
        entry 12
        entry 13
        entry 14
        entry 15
        .balign 128

/* Inside a call it is firmware's. Anything else is the agent's own end. */
exception:
        adrp x16, agent_mailbox
        ldr x16, [x16, :lo12:agent_mailbox]
        add x16, x16, #(INSIDE & ~0xFFF)
        ldr x16, [x16, #(INSIDE & 0xFFF)]
        cbnz x16, store_registers
        adrp x16, agent_mailbox
        ldr x16, [x16, :lo12:agent_mailbox]
        add x0, x16, #(FOUND_REGISTERS)
        str x17, [x0, #REG_VECTOR]
        mrs x1, elr_el1
        str x1, [x0, #REG_PC]
        mrs x1, esr_el1
        mrs x2, far_el1
        stp x1, x2, [x0, #REG_ESR]
        add x16, x16, #(RESPONSE & ~0xFFF)
        mov x0, #1
        str x0, [x16, #(AGENT_FAULT & 0xFFF)]
        ldr x0, [x16, #(REQUEST & 0xFFF)]
        add x16, x16, #(RESPONSE & 0xFFF)
        stlr x0, [x16]
1:      wfi
        b 1b
