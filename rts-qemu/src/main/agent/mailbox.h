/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the efi-rts authors */

/*
 * The memory that host and agent share, as offsets from the arena. io.efirts.qemu.agent.Mailbox has
 * the same numbers and says what each means.
 */
#ifndef EFI_RTS_MAILBOX_H
#define EFI_RTS_MAILBOX_H

#define ARENA_BYTES 0x1000000
#define AGENT_BYTES 0x20000
#define MEMORY_MAP 0x10000
#define MEMORY_MAP_BYTES (AGENT_BYTES - MEMORY_MAP)

/* Announcement, written once. */
#define MAGIC 0x000
#define VERSION 0x008
#define ARCHITECTURE 0x00C
#define ARENA_BASE 0x010
#define ARENA_SIZE 0x018
#define IMAGE_BASE 0x020
#define IMAGE_SIZE 0x028
#define SYSTEM_TABLE 0x030
#define ATTRIBUTES_TABLE 0x038
#define MAP_OFFSET 0x040
#define MAP_SIZE 0x048
#define DESCRIPTOR_SIZE 0x050
#define DESCRIPTOR_VERSION 0x058
#define RETURN_ADDRESS 0x060
#define UNWIND_ADDRESS 0x068

/* "RTSAGENT" */
#define MAGIC_VALUE 0x544E454741535452ULL
#define VERSION_VALUE 1

/*
 * The request word, changed by the host: a count, and in its low 8 bits the slot with the rest of the
 * request, which is written before. The response word, written by the agent, last: the request it
 * has done. In between INSIDE is 1 while firmware may be running. A debugger that ends a call says in
 * UNWOUND_AT where it was; interrupts that were to end a call and came too late are counted.
 */
#define REQUEST 0x1000
#define RESPONSE 0x1080
#define INSIDE 0x1088
#define AGENT_FAULT 0x1090
#define UNWOUND_AT 0x1098
#define LATE_INTERRUPTS 0x10A0

#define SLOTS 0x1100
#define SLOT_BYTES 0x80
#define SLOT_MASK 3
#define OPERATION 0x00
#define REGISTERS 0x08
#define FLAGS 0x10
#define TARGET 0x18
#define SOURCE 0x20
#define LENGTH 0x28
#define ENDING 0x30

/* What the agent found when it started. */
#define FOUND_REGISTERS 0x2000

#define OPERATION_CALL 1
#define OPERATION_COPY 2
#define OPERATION_READ 3
#define OPERATION_WRITE 4

#define ENDING_RETURNED 0
#define ENDING_FAULT 1
#define ENDING_UNWOUND 2
#define ENDING_UNKNOWN_OPERATION 3

#define FLAG_LOAD_FP 1
#define FLAG_SAVE_FP 2

#if defined(__x86_64__)
#define ARCHITECTURE_VALUE 1
#define ARENA_VALUE 0x08000000ULL
#define REG_RAX 0x000
#define REG_RCX 0x008
#define REG_RDX 0x010
#define REG_RBX 0x018
#define REG_RSP 0x020
#define REG_RBP 0x028
#define REG_RSI 0x030
#define REG_RDI 0x038
#define REG_R8 0x040
#define REG_R9 0x048
#define REG_R10 0x050
#define REG_R11 0x058
#define REG_R12 0x060
#define REG_R13 0x068
#define REG_R14 0x070
#define REG_R15 0x078
#define REG_RIP 0x080
#define REG_RFLAGS 0x088
#define REG_CR0 0x090
#define REG_CR3 0x098
#define REG_CR4 0x0A0
#define REG_EFER 0x0A8
#define REG_CR2 0x0B0
#define REG_VECTOR 0x0B8
#define REG_ERROR 0x0C0
#define REG_FLUSH 0x0C8
#define REG_FP 0x100
#else
#define ARCHITECTURE_VALUE 2
#define ARENA_VALUE 0x48000000ULL
#define REG_X0 0x000
#define REG_X30 0x0F0
#define REG_SP 0x0F8
#define REG_PC 0x100
#define REG_PSTATE 0x108
#define REG_TTBR0 0x110
#define REG_TCR 0x118
#define REG_MAIR 0x120
#define REG_SCTLR 0x128
#define REG_CPACR 0x130
#define REG_ESR 0x138
#define REG_FAR 0x140
#define REG_VECTOR 0x148
#define REG_FLUSH 0x150
#define REG_FP 0x200
#define REG_FPSR 0x400
#endif

#endif
